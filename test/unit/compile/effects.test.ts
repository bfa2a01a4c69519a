/** Model files whose steps are more than a function of their tensors: trained compiled, they train as eagerly. */
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { CompileState } from '../../../src/learning/compile';
import { build } from '../../../src/learning/training/build';
import { Executor } from '../../../src/learning/training/executor';
import { disposeOptimizer } from '../../../src/learning/training/optimizer';
import { Randomness } from '../../../src/learning/training/randomness';
import { refusalText } from '../../../src/trainer/wording/execution';
import { useEngine } from '../lab/tensorflow';
import { LearnersFolder } from '../modelFile/folder';

const STEPS = 26;
const EVERY = 8;

interface Parts {
  /** Before the experiment, at the top of the file. */
  readonly top?: string;
  readonly forward?: string;
  readonly loss?: string;
  readonly optimizer?: string;
  readonly metrics?: string;
  /** In place of parameters and forward. */
  readonly model?: string;
  /** Other files of the folder. */
  readonly files?: Readonly<Record<string, string>>;
}

const MSE = 'tf.losses.meanSquaredError(y, p)';

/** Every part of it on lines of its own, so that a place is a line. */
function fileOf({ top = '', forward = 'h(parameters, x)', loss = MSE, optimizer, metrics = '', model }: Parts): string {
  return `import { experiment, losses, sound, step, tf } from 'deep-learning-lab';
const h = ({ w, v }, x) => tf.matMul(tf.tanh(tf.matMul(x, w)), v);
${top}
export default experiment({
  title: 'test',
  data: { name: 'd', kind: 'table', inputShape: [3], targetShape: [1], classes: [], train: 8, test: 8, licence: 'none', load: async () => ({}) },
  ${
    model === undefined
      ? `parameters: () => ({ w: tf.randomNormal([3, 6], 0, 0.5, 'float32', 1), v: tf.randomNormal([6, 1], 0, 0.5, 'float32', 2) }),
  forward: (parameters, x, { training }) => ${forward},`
      : `model: ({ inputShape }) => ${model},`
  }
  optimizer: () => ${optimizer ?? 'tf.train.adam(0.05)'},
  loss: { name: 'loss', fromLogits: false, compute: (y, p) => ${loss} },
  metrics: [${metrics}],
  epochs: 1, batchSize: 8, seed: 1,
});
`;
}

interface Trained {
  readonly losses: number[];
  readonly state: CompileState | undefined;
}

describe('what a model file’s code does beside computing', function () {
  this.timeout(120_000);
  before(useEngine);
  let folder: LearnersFolder;
  beforeEach(() => (folder = new LearnersFolder()));
  afterEach(() => {
    folder.remove();
  });

  async function train(parts: Parts, compile: boolean): Promise<Trained> {
    for (const [name, text] of Object.entries(parts.files ?? {})) folder.write(name, text);
    const loaded = await folder.load(fileOf(parts));
    const randomness = new Randomness(1);
    const { learner, optimizer } = randomness.during(() => build(loaded.experiment));
    let state: CompileState | undefined;
    const executor = new Executor(
      learner,
      optimizer,
      { seed: 1, compile, effects: loaded.effects },
      (next) => (state = next),
    );
    const found: number[] = [];
    for (let step = 1; step <= STEPS; step++) {
      // What stands between two steps: timers of the learner, and now and then an evaluation.
      await nextTurn();
      const x = tf.randomUniform([8, 3], -1, 1, 'float32', step);
      const y = tf.tidy(() => tf.sum(x, 1, true).sin());
      found.push(randomness.during(() => executor.step({ x, y }, step)).values['loss']!);
      if (step % EVERY === 0) randomness.during(() => executor.evaluate({ x, y }, () => undefined));
      tf.dispose([x, y]);
    }
    executor.dispose();
    learner.dispose();
    disposeOptimizer(optimizer);
    loaded.release();
    return { losses: found, state };
  }

  async function both(parts: Parts): Promise<CompileState> {
    const eager = await train(parts, false);
    const compiled = await train(parts, true);
    compiled.losses.forEach((loss, step) => {
      const expected = eager.losses[step]!;
      assert.ok(
        Math.abs(loss - expected) <= 1e-4 * Math.abs(expected) + 1e-6,
        `step ${step + 1}: compiled ${loss}, eager ${expected}`,
      );
    });
    assert.ok(new Set(compiled.losses).size > 1, 'the training does nothing');
    assert.ok(compiled.state !== undefined && compiled.state.kind !== 'recording');
    return compiled.state;
  }

  const pure: Readonly<Record<string, Parts>> = {
    'plain operations': {},
    'constants of the module, in arrays, objects and functions': {
      top: 'const CONFIG = { rate: 0.5, sizes: [1, 2] }; const half = (t) => tf.mul(t, CONFIG.rate);',
      loss: `tf.add(${MSE}, half(tf.mean(tf.abs(p)))).mul(CONFIG.sizes[1])`,
    },
    'local variables, arrays, maps and closures that are changed in the step': {
      loss: `{
        const terms = []; const seen = new Map(); let sum = tf.scalar(0); let n = 0;
        [1, 2].forEach((k) => { terms.push(tf.mul(${MSE}, k)); seen.set(k, terms.length); n++; });
        for (const term of terms) sum = tf.add(sum, term);
        const [first, ...rest] = [...terms.entries()].map(([i, t]) => tf.mul(t, i));
        const box = { n: 0 }; box.n += n; Object.assign(box, { rest: rest.length });
        const bytes = new Float32Array(2); bytes[0] = 1; bytes.fill(3);
        return tf.add(sum.div(box.n * box.rest * bytes[1]), tf.mul(first, seen.size));
      }`,
    },
    'objects of classes of its own': {
      top: 'class Sum { constructor() { this.total = 0; } add(n) { this.total += n; return this; } get twice() { return 2 * this.total; } }',
      loss: `tf.mul(${MSE}, new Sum().add(1).add(2).twice)`,
    },
    'functions bound, called and applied': {
      top: 'const weigh = (k, t) => tf.mul(t, k);\nconst twice = weigh.bind(null, 2);',
      loss: `tf.add(twice(${MSE}), weigh.call(null, 1, weigh.apply(null, [1, tf.mean(p)])))`,
    },
    'objects of derived classes, and layers called in a loss': {
      top: "class Base { constructor(n) { this.n = n; } } class More extends Base { constructor(n) { super(n); this.m = n + 1; } }\nconst relu = tf.layers.activation({ activation: 'relu' });",
      loss: `tf.add(tf.mul(${MSE}, new More(1).m), tf.mean(relu.apply(p)))`,
    },
    'a generator that begins and ends in the step': {
      top: 'function* upTo(n) { for (let i = 1; i <= n; i++) yield i; }',
      loss: `{ let sum = 0; for (const i of upTo(3)) sum += i; return tf.mul(${MSE}, sum + [...upTo(2)].length); }`,
    },
    'something made in the first step and kept': {
      top: 'let mask; const cache = new Map();',
      loss: `{ mask ??= tf.keep(tf.ones([8, 1])); if (!cache.has('two')) cache.set('two', 2); return tf.mul(${MSE.replace('y, p', 'tf.mul(mask, y), p')}, cache.get('two')); }`,
    },
    'an output that is put aside and read in the same step, as variational autoencoders do': {
      top: 'let mean, logVar;',
      forward:
        '{ [mean, logVar] = tf.split(tf.matMul(x, parameters.w), 2, 1); return tf.add(h(parameters, x), tf.mul(0, tf.sum(mean))); }',
      loss: `tf.add(${MSE}, tf.mul(0.01, tf.mean(tf.sub(tf.exp(logVar), tf.add(logVar, 1)))).add(tf.mul(0.01, tf.mean(tf.square(mean)))))`,
    },
    'a gradient of its own': {
      top: 'const sign = tf.customGrad((t, save) => { save([t]); return { value: tf.sign(t), gradFunc: (dy, [s]) => tf.mul(dy, tf.clipByValue(s, -1, 1)) }; });',
      forward: 'h({ w: tf.add(parameters.w, tf.mul(0.1, sign(parameters.w))), v: parameters.v }, x)',
    },
    'a loss and metrics of the lab inside its own': {
      top: 'const base = losses.meanSquaredError ? losses.meanSquaredError() : undefined;',
      loss: `base === undefined ? ${MSE} : base.compute(y, p)`,
      metrics: "{ name: 'far', compute: (y, p) => tf.mean(tf.cast(tf.greater(tf.abs(tf.sub(y, p)), 0.1), 'float32')) }",
    },
    'the powers of a wave': {
      forward: 'h(parameters, tf.reshape(sound.spectrogram(x, { frame: 2, hop: 1 }), [8, 4]).slice([0, 0], [8, 3]))',
    },
    'other files of its own': {
      top: "import { weigh } from './weigh';",
      loss: `weigh(${MSE})`,
      files: {
        'weigh.ts':
          "import { tf } from 'deep-learning-lab';\nconst W = [2, 3];\nexport const weigh = (t: tf.Tensor) => tf.mul(t, W.reduce((a, b) => a + b, 0));\n",
      },
    },
    'the number of the step in a loss, a metric and forward': {
      forward: 'tf.mul(h(parameters, x), tf.sub(1, tf.exp(tf.mul(-0.3, tf.add(1, step.number)))))',
      loss: `tf.mul(${MSE}, tf.add(1, tf.exp(tf.mul(-0.1, step.number))))`,
      metrics: "{ name: 'step', compute: () => step.number }",
    },
    printing: { loss: `{ console.log; return ${MSE}; }` },
    'a layer and an optimizer of its own': {
      top: `class Scale extends tf.layers.Layer {
  static className = 'Scale';
  build(shape) { this.gain = this.addWeight('gain', [shape[1]], 'float32', tf.initializers.ones()); super.build(shape); }
  computeOutputShape(shape) { return shape; }
  call(inputs) { return tf.tidy(() => { const x = Array.isArray(inputs) ? inputs[0] : inputs; return tf.mul(x, this.gain.read()); }); }
}
class Decay extends tf.AdamOptimizer {
  constructor(rate, decay) { super(rate, 0.9, 0.999, 1e-7); this.decay = decay; }
  applyGradients(g) { super.applyGradients(g); for (const name of Object.keys(g)) { const v = tf.engine().registeredVariables[name]; v.assign(tf.mul(v, 1 - this.decay)); } }
}`,
      model:
        "tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 5, activation: 'tanh' }), new Scale({}), tf.layers.dropout({ rate: 0.2 }), tf.layers.dense({ units: 1 })] })",
      optimizer: 'new Decay(0.03, 0.01)',
    },
    'weights that a timer sets': {
      top: `let layer; let turns = 0;
const later = () => { turns += 1; if (turns === 12) tf.tidy(() => layer.setWeights([tf.ones([3, 1]), tf.zeros([1])])); if (turns < 40) setImmediate(later); };
setImmediate(later);`,
      model:
        '{ layer = tf.layers.dense({ inputShape, units: 1 }); turns = 0; return tf.sequential({ layers: [layer] }); }',
    },
  };

  for (const [name, parts] of Object.entries(pure))
    it(`${name}: stays compiled`, async () => {
      const state = await both(parts);
      assert.equal(state.kind === 'eager' ? refusalText(state.refusal) : state.kind, 'compiled');
    });

  /** A part, and the text at whose line it is said to be. */
  const impure: Readonly<Record<string, readonly [Parts, string]>> = {
    'a counter in a loss': [{ top: 'let calls = 0;', loss: `tf.mul(${MSE}, ++calls > 8 ? 2 : 1)` }, 'compute:'],
    'a schedule in an object': [
      { top: 'const state = { n: 0 };', loss: `{ state.n += 1; return tf.mul(${MSE}, state.n < 9 ? 1 : 0.5); }` },
      'compute:',
    ],
    'a counter behind a helper': [
      {
        top: 'let n = 0;\nconst next = () => {\n  n = n + 1;\n  return n;\n};',
        loss: `tf.mul(${MSE}, next() > 9 ? 2 : 1)`,
      },
      'n = n + 1',
    ],
    'a counter in a closure': [
      {
        top: 'const counter = () => { let n = 0;\n  return () => n++;\n};\nconst count = counter();',
        loss: `tf.mul(${MSE}, count() > 9 ? 2 : 1)`,
      },
      'n++',
    ],
    'a static field': [
      { top: 'class Count { static n = 0; }', loss: `tf.mul(${MSE}, Count.n++ > 9 ? 2 : 1)` },
      'compute:',
    ],
    'a private field behind a method': [
      {
        top: 'class Count { #n = 0;\n  next() { return this.#n++; }\n}\nconst count = new Count();',
        loss: `tf.mul(${MSE}, count.next() > 9 ? 2 : 1)`,
      },
      'this.#n++',
    ],
    'a getter': [
      {
        top: 'const config = { n: 0,\n  get rate() { return this.n++ > 9 ? 2 : 1; },\n};',
        loss: `tf.mul(${MSE}, config.rate)`,
      },
      'this.n++',
    ],
    'a proxy': [
      {
        top: 'let n = 0;\nconst config = new Proxy({}, { get: () => n++ });',
        loss: `tf.mul(${MSE}, config.rate > 9 ? 2 : 1)`,
      },
      'n++',
    ],
    'a default value that is shared': [
      {
        top: 'const shared = [0];\nconst weigh = (t, s = shared) => tf.mul(t, s[0]++ > 9 ? 2 : 1);',
        loss: `weigh(${MSE})`,
      },
      's[0]++',
    ],
    'an object that a constructor returns in place of its own': [
      {
        top: 'const shared = { n: 0 };\nclass Base { constructor() { return shared; } }\nclass Sly extends Base { constructor() { super();\n    this.n += 1; } }',
        loss: `tf.mul(${MSE}, new Sly().n > 9 ? 2 : 1)`,
      },
      'this.n += 1',
    ],
    'a bound function that is not its own': [
      { top: 'const clock = Date.now.bind(Date);', loss: `tf.mul(${MSE}, clock() < 0 ? 2 : 1)` },
      'compute:',
    ],
    'the global object': [
      {
        loss: `{ globalThis.labTest = (globalThis.labTest ?? 0) + 1; return tf.mul(${MSE}, globalThis.labTest % 40 > 9 ? 2 : 1); }`,
        top: 'globalThis.labTest = 0;',
      },
      'compute:',
    ],
    'an array that is used up': [
      {
        top: 'const rates = Array.from({ length: 60 }, (_, i) => (i < 9 ? 1 : 2));',
        loss: `tf.mul(${MSE}, rates.shift())`,
      },
      'compute:',
    ],
    'a destructured array iterator': [
      {
        top: 'const rates = Array.from({ length: 60 }, (_, i) => (i < 9 ? 1 : 2)).values();',
        loss: `{ const [rate] = rates; return tf.mul(${MSE}, rate ?? 2); }`,
      },
      'compute:',
    ],
    'a generator': [
      {
        top: 'function* rates() {\n  for (let i = 0; ; i++) yield i < 9 ? 1 : 2;\n}\nconst rate = rates();',
        loss: `tf.mul(${MSE}, rate.next().value)`,
      },
      'yield i',
    ],
    'a generator of random numbers of its own': [
      {
        top: 'let s = 1;\nconst dice = () => {\n  s = (s * 16807) % 2147483647;\n  return s / 2147483647;\n};',
        loss: `tf.mul(${MSE}, dice() > 0.5 ? 2 : 1)`,
      },
      's = (s',
    ],
    'a map, a set and a weak map': [
      {
        top: "const map = new Map([['n', 0]]); const key = {}; const weak = new WeakMap([[key, 0]]);",
        loss: `{ weak.set(key, weak.get(key) + 1); map.set('n', map.get('n') + 1); return tf.mul(${MSE}, weak.get(key) > 9 ? 2 : 1); }`,
      },
      'compute:',
    ],
    'a typed array': [{ top: 'const n = new Int32Array(1);', loss: `tf.mul(${MSE}, n[0]++ > 9 ? 2 : 1)` }, 'compute:'],
    'a symbol as key': [
      { top: "const N = Symbol('n'); const state = { [N]: 0 };", loss: `tf.mul(${MSE}, state[N]++ > 9 ? 2 : 1)` },
      'compute:',
    ],
    'a clock': [
      { top: 'const start = Date.now();', loss: `tf.mul(${MSE}, Date.now() < start - 1 ? 2 : 1)` },
      'compute:',
    ],
    'another clock, under another name': [
      {
        top: 'const { now } = performance; const clock = now.bind(performance);',
        loss: `tf.mul(${MSE}, clock() < 0 ? 2 : 1)`,
      },
      'compute:',
    ],
    'a file': [
      { top: "import fs from 'node:fs';", loss: `tf.mul(${MSE}, fs.existsSync('no-such-file') ? 2 : 1)` },
      'compute:',
    ],
    'a metric that counts': [
      { top: 'let seen = 0;', metrics: `{ name: 'seen', compute: () => tf.scalar(seen++ % 30) }` },
      'seen++',
    ],
    'a forward pass that counts its training calls': [
      {
        top: 'let step = 0;',
        forward:
          '{ if (training) step++; const o = h(parameters, x); return training && step <= 9 ? tf.mul(o, 0.5) : o; }',
      },
      'forward:',
    ],
    'a layer that is frozen after some calls': [
      {
        top: 'let calls = 0; let first;',
        model:
          "{ first = tf.layers.dense({ inputShape, units: 4, activation: 'tanh' }); return tf.sequential({ layers: [first, tf.layers.dense({ units: 1 })] }); }",
        optimizer: 'tf.train.sgd(0.05)',
        loss: `{ if (++calls === 9) first.trainable = false; return ${MSE}; }`,
      },
      'compute:',
    ],
    'an optimizer that reads its iterations': [
      {
        top: 'class Warm extends tf.SGDOptimizer { applyGradients(g) { this.setLearningRate(0.01 * Math.min(1, (this.iterations + 1) / 9)); super.applyGradients(g); } }',
        optimizer: 'new Warm(0.01)',
      },
      'class Warm',
    ],
    'an optimizer’s field set from the loss': [
      {
        top: 'let calls = 0; let optimizer;',
        optimizer: '(optimizer = tf.train.momentum(0.05, 0.9))',
        loss: `{ if (++calls === 9) optimizer.useNesterov = true; return ${MSE}; }`,
      },
      'compute:',
    ],
    'flags of tfjs': [{ loss: `{ tf.env().set('DEPRECATION_WARNINGS_ENABLED', true); return ${MSE}; }` }, 'compute:'],
    'a tensor that is kept from step to step': [
      {
        top: 'let last;',
        loss: `{ const m = tf.mean(p); const old = last; last = tf.keep(old === undefined ? m.clone() : tf.add(tf.mul(old, 0.9), tf.mul(m, 0.1))); old?.dispose(); return tf.add(${MSE}, tf.mul(0.1, tf.square(tf.sub(m, last)))); }`,
      },
      'compute:',
    ],
    'another file that counts': [
      {
        top: "import { next } from './count';",
        loss: `tf.mul(${MSE}, next() > 9 ? 2 : 1)`,
        files: { 'count.ts': 'let n = 0;\nexport const next = (): number => {\n  n += 1;\n  return n;\n};\n' },
      },
      'count.ts:3',
    ],
  };

  for (const [name, [parts, mark]] of Object.entries(impure))
    it(`${name}: runs eagerly, with the place`, async () => {
      const state = await both(parts);
      assert.equal(state.kind, 'eager', 'compiled');
      const message = refusalText(state.refusal);
      const { location } = state.refusal;
      const text = fileOf(parts);
      const line = text.slice(0, text.indexOf(mark)).split('\n').length;
      const expected = /^\w+\.ts:\d+$/.test(mark) ? mark : `model.ts:${line}`;
      assert.ok(message.includes(`(${expected})`), `${message} does not name ${expected}`);
      assert.ok(location !== undefined);
    });

  it('a layer’s rate and a module’s number changed by a timer: compiled anew, with the new values', async () => {
    const parts: Parts = {
      top: `let factor = 1; let layer; let turns = 0;
const later = () => { turns += 1; if (turns === 12) { factor = 3; layer.rate = 0.9; } if (turns < 40) setImmediate(later); };
setImmediate(later);`,
      model:
        "{ turns = 0; layer = tf.layers.dropout({ rate: 0.1 }); return tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 4, activation: 'tanh' }), layer, tf.layers.dense({ units: 1 })] }); }",
      loss: `tf.mul(${MSE}, factor)`,
    };
    await both(parts);
  });
});

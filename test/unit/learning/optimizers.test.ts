/** What optimizers of the lab do beside tfjs's update, held against PyTorch over 20 steps, eager and compiled. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { experiment, optimizers, schedules, type Dataset, type Experiment } from '../../../src/lab';
import { LearningError } from '../../../src/learning/errors';
import { Control } from '../../../src/learning/training/control';
import type { TrainingListener } from '../../../src/learning/training/listener';
import { restoreTensors, tensorsOf, type TrainingState } from '../../../src/learning/training/state';
import { Training } from '../../../src/learning/training/training';
import { LabError } from '../../../src/protocol/errors';
import { useEngine } from '../lab/tensorflow';
import oracle from './oracle/optimizers.json';

const STEPS = 20;
const ROWS = 8;
const INPUTS = Array.from({ length: ROWS }, (_, row) => [
  Math.sin(1 + 3 * row),
  Math.cos(2 * row),
  ((row * 5) % 7) / 7,
]);

/** Every batch in order, as the oracle takes them: rows are not shuffled, for an epoch is one pair of batches. */
function split(): { length: number; x: Float32Array; y: Float32Array } {
  return {
    length: ROWS,
    x: Float32Array.from(INPUTS.flat()),
    y: Float32Array.from(INPUTS.map(([a = 0, b = 0]) => 3 * a - 2 * b + 0.5)),
  };
}

const data: Dataset = {
  name: 'line',
  kind: 'table',
  inputShape: [3],
  targetShape: [1],
  classes: [],
  train: ROWS,
  test: ROWS,
  licence: 'none',
  load: () => Promise.resolve({ train: split(), test: split() }),
};

interface Outcome {
  readonly losses: number[];
  readonly weight: number[];
  readonly bias: number[];
  readonly rates: number[];
  readonly compiled: boolean;
}

function regression(optimizer: () => tf.Optimizer, changes: Partial<Experiment> = {}): Experiment {
  return experiment({
    title: 'Line',
    data,
    model: () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 1 })] }),
    initialWeights: () => [tf.tensor2d([[0.1], [-0.2], [0.3]]), tf.tensor1d([0.05])],
    optimizer,
    loss: 'meanSquaredError',
    epochs: STEPS / 2,
    batchSize: 4,
    ...changes,
  });
}

/** Steps on the oracle's batches: the loop shuffles, so the executor is driven as the loop drives it. */
function steps(optimizer: () => tf.Optimizer, compile: boolean): Outcome {
  const training = new Training({
    experiment: regression(optimizer),
    data: { train: split(), test: split() },
    epochs: 1,
    compile,
    control: new Control(() => undefined),
  });
  let compiled = false;
  training.listen({ executed: ({ kind }) => (compiled ||= kind === 'compiled') });
  const { executor, built } = training;
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const from = step % 2 === 0 ? 0 : 4;
    const { x, y } = split();
    const feeds = {
      x: tf.tensor2d(x.slice(from * 3, (from + 4) * 3), [4, 3]),
      y: tf.tensor2d(y.slice(from, from + 4), [4, 1]),
    };
    losses.push(executor.step(feeds, step + 1).values['loss']!);
    tf.dispose(Object.values(feeds));
  }
  training.sync();
  const [weight, bias] = built.learner.weights.map(({ tensor }) => [...tensor.dataSync()]);
  training.dispose();
  return { losses, weight: weight!, bias: bias!, rates: [], compiled };
}

const close = (found: readonly number[], expected: readonly number[], tolerance: number): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, index) => {
    const wanted = expected[index]!;
    assert.ok(Math.abs(value - wanted) <= tolerance * (1 + Math.abs(wanted)), `[${index}] ${value}, not ${wanted}`);
  });
};

const CASES: Readonly<Record<string, readonly [keyof typeof oracle, () => tf.Optimizer]>> = {
  'AdamW shrinks weights apart from the gradient': [
    'adamw',
    optimizers.adamw({ learningRate: 0.05, weightDecay: 0.1 }),
  ],
  'weights that are excluded do not shrink': [
    'adamwExcluded',
    optimizers.adamw({ learningRate: 0.05, weightDecay: 0.1, excludeFromWeightDecay: ['bias'] }),
  ],
  'clipNorm scales each gradient down to the norm': ['clipNorm', optimizers.sgd({ learningRate: 0.1, clipNorm: 0.5 })],
  'clipValue holds each element': ['clipValue', optimizers.sgd({ learningRate: 0.1, clipValue: 0.3 })],
  'globalClipNorm scales all gradients together': [
    'globalClipNorm',
    optimizers.sgd({ learningRate: 0.1, globalClipNorm: 0.5 }),
  ],
  'gradients of three batches make one update': [
    'accumulated',
    optimizers.sgd({ learningRate: 0.05, momentum: 0.9, gradientAccumulationSteps: 3 }),
  ],
};

describe('an optimizer of the lab', function () {
  this.timeout(60_000);
  before(useEngine);

  for (const [what, [key, optimizer]] of Object.entries(CASES)) {
    for (const compile of [false, true]) {
      it(`${what}, as PyTorch over 20 steps (${compile ? 'compiled' : 'eager'})`, () => {
        const found = steps(optimizer, compile);
        const expected = oracle[key] as { losses: number[]; weight: number[]; bias: number[] };
        close(found.losses, expected.losses, 2e-5);
        close(found.weight, expected.weight, 2e-5);
        close(found.bias, expected.bias, 2e-5);
        assert.equal(found.compiled, compile);
      });
    }
  }

  it('keeps no tensor when it is done with', () => {
    const before = tf.memory().numTensors;
    for (const [, optimizer] of Object.values(CASES)) steps(optimizer, true);
    assert.equal(tf.memory().numTensors, before);
  });

  it('says which option is wrong, and that one way to clip is enough', () => {
    const code = (make: () => unknown, text: RegExp): void => {
      assert.throws(make, (error) => {
        assert.ok(error instanceof LabError);
        assert.equal(error.code, 'EXPERIMENT_INVALID');
        assert.match(`${error.data.message} ${error.data.remedy ?? ''}`, text);
        return true;
      });
    };
    code(() => optimizers.adam({ clipNorm: 1, clipValue: 1 }), /clipNorm, clipValue/);
    code(() => optimizers.adam({ clipNorm: 0 }), /clipNorm/);
    code(() => optimizers.adamw({ weightDecay: -1 }), /weightDecay/);
    code(() => optimizers.adamw({ weigthDecay: 0.1 } as object), /weightDecay/);
    code(() => optimizers.sgd({ learningRate: 'fast' as never }), /learningRate/);
    code(() => optimizers.adamw(0.01 as never), /Write optimizers\.adamw\({ learningRate: … }\)/);
    code(() => optimizers.adamw(schedules.constant(0.1) as object), /Write optimizers\.adamw\({ learningRate: … }\)/);
    code(() => optimizers.sgd({ gradientAccumulationSteps: 0.5 }), /gradientAccumulationSteps/);
    code(() => schedules.cosineDecay({ learningRate: 0.1, decaySteps: 0 }), /decaySteps/);
    code(() => schedules.warmUp({ steps: 3, then: 'cosine' as never }), /then/);
  });
});

describe('a schedule', function () {
  this.timeout(60_000);
  before(useEngine);

  const rates = ({ at }: schedules.StepSchedule): number[] => Array.from({ length: STEPS }, (_, step) => at(step));

  it('gives the rates that PyTorch gives', () => {
    close(rates(schedules.stepDecay({ learningRate: 1, every: 6, factor: 0.5 })), oracle.rates.stepDecay, 1e-12);
    close(
      rates(schedules.exponentialDecay({ learningRate: 1, decaySteps: 1, decayRate: 0.9 })),
      oracle.rates.exponentialDecay,
      1e-12,
    );
    close(rates(schedules.cosineDecay({ learningRate: 1, decaySteps: STEPS })), oracle.rates.cosineDecay, 1e-12);
    close(rates(schedules.oneCycle({ maxLearningRate: 0.1, totalSteps: STEPS })), oracle.rates.oneCycle, 1e-12);
  });

  it('that warms up rises in a straight line to the first rate of what follows', () => {
    const { at } = schedules.warmUp({ steps: 4, then: schedules.cosineDecay({ learningRate: 1, decaySteps: 10 }) });
    assert.deepEqual([0, 1, 2, 3, 4].map(at), [0, 0.25, 0.5, 0.75, 1]);
    assert.ok(Math.abs(at(9) - 0.5) < 1e-12);
  });

  async function train(
    optimizer: () => tf.Optimizer,
    { compile = true, epochs = 10, control = new Control(() => undefined), changes = {} } = {},
    listener: (training: Training) => TrainingListener = () => ({}),
    resume?: (training: Training) => void,
  ): Promise<{ rates: number[]; compiled: number; losses: number[] }> {
    const training = new Training({
      experiment: regression(optimizer, changes),
      data: { train: split(), test: split() },
      epochs,
      compile,
      control,
    });
    const rates: number[] = [];
    const losses: number[] = [];
    let compiled = 0;
    training.listen(
      {
        point: ({ kind, learningRate, values }) => {
          if (kind !== 'step') return;
          rates.push(learningRate);
          losses.push(values['loss']!);
        },
        executed: ({ kind }) => (compiled += kind === 'compiled' ? 1 : 0),
      },
      listener(training),
    );
    try {
      resume?.(training);
      await training.run();
      return { rates, compiled, losses };
    } finally {
      training.dispose();
    }
  }

  it('moves the rate at every step of a compiled training, with one graph', async () => {
    const schedule = schedules.cosineDecay({ learningRate: 0.1, decaySteps: STEPS });
    const { rates: found, compiled, losses } = await train(optimizers.adamw({ learningRate: schedule }));
    close(found, rates(schedule), 1e-9);
    assert.equal(compiled, 1);
    const eager = await train(optimizers.adamw({ learningRate: schedule }), { compile: false });
    close(losses, eager.losses, 1e-5);
  });

  it('may be a function of the step', async () => {
    const { rates: found } = await train(optimizers.sgd({ learningRate: (step) => 0.1 / (1 + step) }));
    close(
      found,
      Array.from({ length: STEPS }, (_, step) => 0.1 / (1 + step)),
      1e-9,
    );
  });

  it('that gives no number ends the training with the step', async () => {
    await assert.rejects(
      train(optimizers.sgd({ learningRate: (step) => (step < 3 ? 0.1 : Number.NaN) })),
      (error) => error instanceof LearningError && error.fault.code === 'LEARNING_RATE' && error.fault.step === 3,
    );
  });

  it('is scaled by a rate that the user chooses', async () => {
    const control = new Control(() => undefined);
    const schedule = schedules.exponentialDecay({ learningRate: 0.1, decaySteps: 1, decayRate: 0.9 });
    const { rates: found } = await train(optimizers.sgd({ learningRate: schedule }), { control }, () => ({
      stepEnd: (step) => {
        if (step === 5) control.changeLearningRate(schedule.at(5) / 2);
      },
    }));
    close(
      found,
      rates(schedule).map((rate, step) => (step < 5 ? rate : rate / 2)),
      1e-9,
    );
  });

  it('reduces on a plateau as Keras does, and is resumed where it was', async () => {
    const schedule = schedules.reduceOnPlateau({ learningRate: 0.1, factor: 0.5, patience: 2, cooldown: 1 });
    // A model that learns nothing: its loss is best after the first epoch.
    const still = optimizers.sgd({ learningRate: schedule });
    const changes: Partial<Experiment> = {
      loss: { name: 'constant', fromLogits: false, compute: (_, output) => tf.mean(tf.mul(output, 0)).asScalar() },
    };
    let half: TrainingState | undefined;
    let saved: ReturnType<typeof kept> | undefined;
    const kept = (training: Training): ReturnType<typeof tensorsOf> => {
      const { weights, optimizer } = tensorsOf(training.built);
      const clone = ({ name, tensor }: (typeof weights)[number]): (typeof weights)[number] => ({
        name,
        tensor: tf.clone(tensor),
      });
      return { weights: weights.map(clone), optimizer: optimizer.map(clone) };
    };
    const whole = await train(still, { changes }, (training) => ({
      epochEnd: (state) => {
        if (state.epoch !== 4) return;
        training.sync();
        half = state;
        saved = kept(training);
      },
    }));
    // Epochs 1 | 2 3 reduce | 4 cooldown, 5 6 reduce | …: two steps an epoch.
    const byEpoch = whole.rates.filter((_, index) => index % 2 === 0);
    close(byEpoch, [0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125, 0.00625], 1e-9);
    const rest = await train(still, { changes }, undefined, (training) => {
      restoreTensors(training.built, saved!, half!.step);
      training.resume(half!);
    });
    close(rest.rates, whole.rates.slice(8), 1e-12);
    tf.dispose([...saved!.weights, ...saved!.optimizer].map(({ tensor }) => tensor));
  });

  it('restoreBest: the weights at the end are those of the epoch with the lowest val_loss', async () => {
    const seen: { epoch: number; loss: number; weights: number[] }[] = [];
    let restored: number | undefined;
    let last: number[] = [];
    const read = (training: Training): number[] => {
      training.sync();
      return training.built.learner.weights.flatMap(({ tensor }) => [...tensor.dataSync()]);
    };
    // Far too fast: it leaves the minimum again.
    const optimizer = optimizers.sgd({ learningRate: (step) => (step < 8 ? 0.1 : 0.9) });
    await train(optimizer, { changes: { restoreBest: true } }, (training) => ({
      epochEnd: ({ epoch }, values) => {
        seen.push({ epoch, loss: values['val_loss']!, weights: read(training) });
      },
      restored: (epoch) => (restored = epoch),
      end: () => (last = read(training)),
    }));
    const best = seen.toSorted((a, b) => a.loss - b.loss)[0]!;
    assert.ok(best.epoch < seen.length);
    assert.equal(restored, best.epoch);
    assert.deepEqual(last, best.weights);
  });

  it('initialWeights that do not fit say which weight', async () => {
    const wrong = (initialWeights: () => object): Promise<unknown> =>
      train(optimizers.sgd(), { changes: { initialWeights } as unknown as Partial<Experiment> });
    const fault = (weight: RegExp) => (error: unknown) =>
      error instanceof LearningError && error.fault.code === 'GIVEN_WEIGHTS' && weight.test(error.fault.weight);
    const tensors = tf.memory().numTensors;
    await assert.rejects(
      wrong(() => [tf.zeros([3, 1])]),
      fault(/bias/),
    );
    await assert.rejects(
      wrong(() => [tf.zeros([1, 3]), tf.zeros([1])]),
      fault(/kernel/),
    );
    await assert.rejects(
      wrong(() => ({ kernel: tf.zeros([3, 1]) })),
      fault(/^kernel$/),
    );
    assert.equal(tf.memory().numTensors, tensors);
  });
});

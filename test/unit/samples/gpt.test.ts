/** The network of the lesson on GPT, held against PyTorch's: oracle/gpt_oracle.py has the same weights and text. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { experiment, losses, optimizers, tf, type Dataset, type Parameters, type PlainSplit } from '../../../src/lab';
import { Control } from '../../../src/learning/training/control';
import { Training } from '../../../src/learning/training/training';
import { loadModelFile } from '../../../src/trainer/modelFile/load';
import { numbers } from '../../support/hashed';
import { useEngine } from '../lab/tensorflow';
import oracle from './oracle/gpt.json';

interface Size {
  readonly vocabulary: number;
  readonly context: number;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
}

/** What the model file exports. */
interface Network {
  readonly size: Size;
  parameters(size: Size): Parameters;
  forward(weights: Parameters, tokens: tf.Tensor2D, size: Size): tf.Tensor3D;
  run(weights: Parameters, tokens: tf.Tensor2D, size: Size): { readonly looks: readonly tf.Tensor[] };
}

const size: Size = { vocabulary: 11, context: 6, layers: 2, heads: 2, width: 8 };
const BATCH = 3;
const TEXT = Int32Array.from({ length: BATCH * size.context + 1 }, (_, i) => (7 * i * i + 3 * i) % size.vocabulary);
const split = (): PlainSplit => ({ length: BATCH, x: TEXT.slice(0, -1), y: TEXT.slice(1) });
const data: Dataset = {
  name: 'text',
  kind: 'table',
  inputShape: [size.context],
  inputType: 'int32',
  targetShape: [size.context],
  classes: Array.from({ length: size.vocabulary }, (_, id) => String(id)),
  train: BATCH,
  test: BATCH,
  licence: 'none',
  load: () => Promise.resolve({ train: split(), test: split() }),
};
const batch = (values: PlainSplit['x']): tf.Tensor2D => tf.tensor2d([...values], [BATCH, size.context], 'int32');

function close(found: number, expected: number, what: string, tolerance = 2e-4): void {
  assert.ok(Math.abs(found - expected) <= tolerance * (1 + Math.abs(expected)), `${what}: ${found}, not ${expected}`);
}

/** The one number that the oracle keeps of a tensor. */
const mixed = (tensor: tf.Tensor): number =>
  tf.tidy(() => tf.sum(tf.mul(tensor, numbers(tensor.shape, 1, 1))).dataSync()[0]!);

describe('the network of the lesson on GPT', function () {
  this.timeout(60_000);
  let network: Network;
  before(useEngine);
  before(async () => {
    const { exported } = await loadModelFile({ file: path.resolve('samples', 'gpt', 'model.ts') });
    network = exported as unknown as Network;
  });

  /** Those of the oracle, by the names that the model file gives. */
  const weightsOf = (): Parameters =>
    tf.tidy(() => {
      const names = Object.entries(network.parameters(size));
      return Object.fromEntries(
        names.map(([name, { shape }], i) => {
          const values = numbers(shape, 10 + i, 0.8);
          return [name, name.endsWith('gain') ? tf.add(values, 1) : values];
        }),
      );
    });

  it('gives the logits of PyTorch, and its gradients', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const weights = weightsOf();
      const logits = network.forward(weights, batch(split().x), size).dataSync();
      assert.equal(logits.length, oracle.logits.length);
      oracle.logits.forEach((expected, i) => {
        close(logits[i]!, expected, `logit ${i}`);
      });
      const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
      const names = Object.keys(weights);
      const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
        const given = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
        return loss.compute(batch(split().y), network.forward(given, batch(split().x), size));
      })(Object.values(weights));
      close(value.dataSync()[0]!, oracle.loss, 'loss');
      const expected: Readonly<Record<string, number>> = oracle.gradients;
      assert.deepEqual(names.sort(), Object.keys(expected).sort());
      Object.keys(weights).forEach((name, i) => {
        close(mixed(grads[i]!), expected[name]!, `gradient of ${name}`);
      });
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it('takes the step of AdamW that PyTorch takes, and is compiled, with the same losses as operation by operation', () => {
    const train = (compile: boolean): { losses: number[]; weights: Readonly<Record<string, number>>; kind: string } => {
      const training = new Training({
        experiment: experiment({
          title: 'GPT',
          data,
          parameters: weightsOf,
          forward: (weights, tokens: tf.Tensor2D) => network.forward(weights, tokens, size),
          optimizer: optimizers.adamw({
            learningRate: 0.01,
            beta2: 0.99,
            weightDecay: 0.1,
            excludeFromWeightDecay: ['norm', 'position'],
            globalClipNorm: 1,
          }),
          loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
          epochs: 1,
          batchSize: BATCH,
        }),
        data: { train: split(), test: split() },
        epochs: 1,
        compile,
        control: new Control(() => undefined),
      });
      let kind = '';
      training.listen({ executed: (execution) => (kind = execution.kind) });
      const feeds = { x: batch(split().x), y: batch(split().y) };
      const found: number[] = [];
      let weights = {};
      for (let step = 1; step <= 8; step++) {
        found.push(training.executor.step(feeds, step).values['loss']!);
        if (step > 1) continue;
        training.sync();
        weights = Object.fromEntries(training.built.learner.weights.map(({ name, tensor }) => [name, mixed(tensor)]));
      }
      tf.dispose(Object.values(feeds));
      training.dispose();
      return { losses: found, weights, kind };
    };
    const [eager, compiled] = [train(false), train(true)];
    assert.equal(compiled.kind, 'compiled');
    for (const { losses: found, weights } of [eager, compiled]) {
      close(found[0]!, oracle.loss, 'loss');
      close(found[1]!, oracle.after, 'loss after the step');
      for (const [name, value] of Object.entries(oracle.weights)) close(weights[name]!, value, name);
    }
    eager.losses.forEach((loss, step) => {
      close(compiled.losses[step]!, loss, `loss of step ${step + 1}`);
    });
  });

  it('looks at itself and back, not ahead: a later token changes nothing before it', () => {
    tf.tidy(() => {
      const weights = weightsOf();
      const tokens = [1, 2, 3, 4, 5, 6];
      const logits = (row: number[]): tf.Tensor => network.forward(weights, tf.tensor2d([row], [1, 6], 'int32'), size);
      const [one, other] = [logits(tokens), logits([...tokens.slice(0, 4), 9, 0])];
      const difference = tf.max(tf.abs(tf.sub(one, other)), 2).dataSync();
      assert.ok(difference.slice(0, 4).every((value) => value < 1e-6) && difference[4]! > 1e-3);
      for (const shares of network.run(weights, batch(split().x), size).looks) {
        assert.deepEqual(shares.shape, [BATCH, size.heads, size.context, size.context]);
        for (const sum of tf.sum(shares, -1).dataSync()) close(sum, 1, 'sum of a row');
        assert.equal(tf.sum(tf.sub(shares, tf.linalg.bandPart(shares, -1, 0))).dataSync()[0], 0);
      }
    });
  });

  it('has as many weights as the prose says', () => {
    const count = tf.tidy(() =>
      Object.values(network.parameters(network.size)).reduce((sum, weight) => sum + weight.size, 0),
    );
    assert.equal(count, 806_400);
  });
});

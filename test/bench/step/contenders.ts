/** Who is timed on a model: tfjs-node in three ways here, Keras and PyTorch in processes of their own. */
import * as tf from '@tensorflow/tfjs';
import { StepCompiler } from '../../../src/learning/compile';
import { crossEntropy, type BenchModel } from './models';
import type { Peer } from '../peers';

export interface Contender {
  readonly name: string;
  /** Mean milliseconds a step over one round. */
  readonly round: () => Promise<number>;
  readonly dispose: () => Promise<void>;
}

const BATCHES = 4;

/** Otherwise fit prints a progress bar. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- tfjs does not export the enum
const SILENT = 0 as NonNullable<tf.ModelFitArgs['verbose']>;

interface Trainable {
  readonly model: tf.LayersModel;
  readonly optimizer: tf.Optimizer;
  readonly batches: readonly { readonly x: tf.Tensor; readonly y: tf.Tensor }[];
}

function make(bench: BenchModel): Trainable {
  const batches = Array.from({ length: BATCHES }, () => bench.data());
  return { model: bench.build(), optimizer: tf.train.adam(1e-3), batches };
}

async function dispose({ model, optimizer, batches }: Trainable): Promise<void> {
  tf.dispose(batches.flatMap(({ x, y }) => [x, y]));
  model.dispose();
  optimizer.dispose();
  return Promise.resolve();
}

const variablesOf = (model: tf.LayersModel): tf.Variable[] =>
  model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);

function stepOf(bench: BenchModel, { model, optimizer }: Trainable) {
  const variables = variablesOf(model);
  return ({ x, y }: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => {
    const { value, grads } = tf.variableGrads(
      () => bench.loss(y!, model.apply(x!, { training: true }) as tf.Tensor),
      variables,
    );
    optimizer.applyGradients(grads);
    return { loss: value };
  };
}

async function timed(steps: number, step: (index: number) => Promise<void> | void): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < steps; i++) await step(i);
  return (performance.now() - started) / steps;
}

/** `model.fit` as tfjs-node has it. */
export function tfjsFit(bench: BenchModel): Contender {
  const made = make(bench);
  const { classes } = bench;
  // fit checks targets against the output's shape, so it is given probabilities.
  const loss = classes === undefined ? bench.loss : crossEntropy;
  made.model.compile({ optimizer: made.optimizer, loss });
  const steps = bench.slowSteps;
  const { x, y } = bench.data();
  const repeated = Array.from({ length: steps }, () => 0);
  const all = tf.tidy(() => {
    const targets = classes === undefined ? y : tf.oneHot(y, classes).toFloat();
    return { x: tf.concat(repeated.map(() => x)), y: tf.concat(repeated.map(() => targets)) };
  });
  tf.dispose([x, y]);
  const quiet: tf.ModelFitArgs = { batchSize: bench.batch, epochs: 1, verbose: SILENT };
  return {
    name: 'tfjs-node fit',
    round: async () => {
      const started = performance.now();
      await made.model.fit(all.x, all.y, quiet);
      return (performance.now() - started) / steps;
    },
    dispose: async () => {
      tf.dispose([all.x, all.y]);
      await dispose(made);
    },
  };
}

/** Our training step, eager. */
export function eager(bench: BenchModel): Contender {
  const made = make(bench);
  const step = stepOf(bench, made);
  return {
    name: 'ours, eager',
    round: () =>
      timed(bench.slowSteps, (i) => {
        tf.tidy(() => {
          step(made.batches[i % BATCHES]!)['loss']!.dataSync();
        });
      }),
    dispose: () => dispose(made),
  };
}

/** Our training step, compiled; each step reads its loss, as the trainer does. */
export function compiled(bench: BenchModel): Contender & { readonly compileMilliseconds: () => number } {
  const made = make(bench);
  const compiler = new StepCompiler({ seed: 1 });
  let milliseconds = NaN;
  const step = compiler.compile(stepOf(bench, made), { optimizer: made.optimizer, finite: 'loss' }, (state) => {
    if (state.kind === 'eager') throw new Error(`${bench.name} was not compiled: ${JSON.stringify(state.refusal)}`);
    if (state.kind === 'compiled') ({ milliseconds } = state);
  });
  let count = 0;
  const one = (i: number): void => {
    const { loss } = step.run(made.batches[i % BATCHES]!, { step: count++ });
    loss!.dataSync();
    loss!.dispose();
  };
  // Recorded, built and checked before anything is timed; the later checks are too rare to matter.
  while (step.state.kind !== 'compiled') one(0);
  one(0);
  return {
    name: 'ours, compiled',
    round: () => timed(bench.steps, one),
    compileMilliseconds: () => milliseconds,
    dispose: async () => {
      compiler.dispose();
      await dispose(made);
    },
  };
}

/** A model in another framework's process. */
export function peer(bench: BenchModel, process: Peer, variant: string, name: string): Contender {
  return {
    name,
    round: async () => (await process.time({ model: bench.name, variant, steps: bench.steps })).ms,
    dispose: () => Promise.resolve(),
  };
}

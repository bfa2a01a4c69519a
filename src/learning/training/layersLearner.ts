/** Trains a tf.LayersModel with its own gradient step, without the overhead of `model.fit`. */
import * as tf from '@tensorflow/tfjs';
import type { LayerSummary } from '../../protocol/run';
import type { StepFunction, Tensors } from '../compile';
import type { NonFinite } from '../errors';
import type { Learner } from './learner';
import {
  differentiate,
  evaluationLoss,
  feed,
  firstNonFinite,
  isFiniteTensor,
  measure,
  trainingLoss,
  type Objective,
} from './objective';
import type { NamedTensor } from './optimizer';
import { scoped } from './scope';
import { accumulate, update, type Trainable } from './update';

export class LayersLearner implements Learner {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;

  constructor(
    private readonly model: tf.LayersModel,
    readonly objective: Objective,
    private readonly optimizer: tf.Optimizer,
  ) {
    this.layers = model.layers.map(summarize);
    this.parameters = model.countParams();
  }

  get weights(): readonly NamedTensor[] {
    return this.model.weights.map((weight) => ({ name: weight.originalName, tensor: weight.read() }));
  }

  readonly train: StepFunction = (feeds) =>
    this.step(feeds, (gradients, trainable) => {
      update(this.optimizer, gradients, trainable, feeds);
    });

  readonly accumulate: StepFunction = (feeds) =>
    this.step(feeds, (gradients, trainable) => {
      accumulate(this.optimizer, gradients, trainable);
    });

  private step(
    feeds: Tensors,
    use: (gradients: tf.NamedTensorMap, trainable: readonly Trainable[]) => void,
  ): ReturnType<StepFunction> {
    const x = feed(feeds, 'x');
    const y = feed(feeds, 'y');
    const trainable = this.model.trainableWeights.map((weight) => ({
      name: weight.originalName,
      variable: variableOf(weight.read()),
    }));
    const { loss, output, gradients } = differentiate(
      () => this.forward(x, true),
      (yPred) => this.regularised(trainingLoss(this.objective, feeds, yPred)),
      trainable.map(({ variable }) => variable),
    );
    use(gradients, trainable);
    return measure(this.objective, y, output, loss);
  }

  readonly evaluate: StepFunction = (feeds) => {
    const y = feed(feeds, 'y');
    const output = this.forward(feed(feeds, 'x'), false);
    return {
      output,
      ...measure(this.objective, y, output, this.regularised(evaluationLoss(this.objective, feeds, output))),
    };
  };

  readonly predict: StepFunction = (feeds) => ({ output: this.forward(feed(feeds, 'x'), false) });

  /** Inputs, then weights, then the outputs layer by layer: the first that is not finite is the culprit. */
  diagnose(x: tf.Tensor): NonFinite {
    if (!isFiniteTensor(x)) return { what: 'input' };
    for (const layer of this.model.layers) {
      const bad = layer.weights.some((weight) => !isFiniteTensor(weight.read()));
      if (bad) return { layer: layer.name, what: 'weights' };
    }
    return scoped(() => {
      const { inputs, layers } = this.model;
      const outputs = tf.model({ inputs, outputs: layers.map((layer) => layer.output as tf.SymbolicTensor) });
      const values = outputs.apply(x, { training: true });
      const list = (Array.isArray(values) ? values : [values]) as tf.Tensor[];
      const named = list.map((tensor, index) => ({ name: layers[index]?.name ?? String(index), tensor }));
      return firstNonFinite(named, 'output') ?? { what: 'loss' };
    });
  }

  setWeights(values: readonly tf.Tensor[]): void {
    this.model.weights.forEach((weight, index) => {
      const value = values[index];
      if (value !== undefined) weight.write(value);
    });
  }

  dispose(): void {
    this.model.dispose();
  }

  forward(x: tf.Tensor, training: boolean): tf.Tensor {
    return this.model.apply(x, { training }) as tf.Tensor;
  }

  /** The declared loss plus the regularisers of all layers, as Keras reports it. */
  private regularised(loss: tf.Scalar): tf.Scalar {
    return this.model.calculateLosses().reduce<tf.Scalar>((sum, term) => tf.add(sum, term), loss);
  }
}

function summarize(layer: tf.layers.Layer): LayerSummary {
  const shape = layer.outputShape;
  const first = (Array.isArray(shape[0]) ? shape[0] : shape) as (number | null)[];
  return { name: layer.name, type: layer.getClassName(), outputShape: first, parameters: layer.countParams() };
}

/** A layer's weight is a variable; tfjs types it as a tensor. */
function variableOf(weight: tf.Tensor): tf.Variable {
  if (!isVariable(weight)) throw new Error('A trainable weight is not a variable.');
  return weight;
}

function isVariable(tensor: tf.Tensor): tensor is tf.Variable {
  return tensor instanceof tf.Variable;
}

/** Trains a tf.LayersModel with its own gradient step, without the overhead of `model.fit`. */
import * as tf from '@tensorflow/tfjs';
import type { LayerSummary, Metrics } from '../../protocol/run';
import type { Learner, NonFinite, Objective, StepOutcome } from './learner';
import { firstNonFinite, isFiniteTensor, measure } from './objective';
import type { NamedTensor } from './optimizer';
import { scoped } from './scope';

export class LayersLearner implements Learner {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;

  constructor(
    private readonly model: tf.LayersModel,
    private readonly objective: Objective,
    private readonly optimizer: tf.Optimizer,
  ) {
    this.layers = model.layers.map(summarize);
    this.parameters = model.countParams();
  }

  get weights(): readonly NamedTensor[] {
    return this.model.weights.map((weight) => ({ name: weight.originalName, tensor: weight.read() }));
  }

  step(x: tf.Tensor, y: tf.Tensor): StepOutcome {
    return scoped(() => {
      let output: tf.Tensor | undefined;
      const variables = this.model.trainableWeights.map((weight) => variableOf(weight.read()));
      const { value, grads } = tf.variableGrads(() => {
        output = tf.keep(this.forward(x, true));
        return this.totalLoss(y, output);
      }, variables);
      if (output === undefined) throw new Error('variableGrads did not call its function.');
      const values = measure(this.objective, y, output, value);
      output.dispose();
      // Looked at before the update: the weights that made the loss non-finite are still there to be examined.
      if (!Number.isFinite(values['loss'])) return { values, nonFinite: this.diagnose(x) };
      this.optimizer.applyGradients(grads);
      return { values };
    });
  }

  evaluate(x: tf.Tensor, y: tf.Tensor, onOutput?: (output: tf.Tensor) => void): Metrics {
    return scoped(() => {
      const output = this.forward(x, false);
      onOutput?.(output);
      return measure(this.objective, y, output, this.totalLoss(y, output));
    });
  }

  predict(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => this.forward(x, false));
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

  private forward(x: tf.Tensor, training: boolean): tf.Tensor {
    return this.model.apply(x, { training }) as tf.Tensor;
  }

  /** The declared loss plus the regularisers of all layers, as Keras reports it. */
  private totalLoss(y: tf.Tensor, output: tf.Tensor): tf.Scalar {
    const regularisation = this.model.calculateLosses();
    return regularisation.reduce<tf.Scalar>((sum, term) => tf.add(sum, term), this.objective.loss(y, output));
  }

  /** Inputs, then weights, then the outputs layer by layer: the first that is not finite is the culprit. */
  private diagnose(x: tf.Tensor): NonFinite {
    if (!isFiniteTensor(x)) return { what: 'input' };
    for (const layer of this.model.layers) {
      const bad = layer.weights.some((weight) => !isFiniteTensor(weight.read()));
      if (bad) return { layer: layer.name, what: 'weights' };
    }
    const outputs = tf.model({
      inputs: this.model.inputs,
      outputs: this.model.layers.map((layer) => layer.output as tf.SymbolicTensor),
    });
    const values = outputs.apply(x, { training: true });
    const list = (Array.isArray(values) ? values : [values]) as tf.Tensor[];
    const named = list.map((tensor, index) => ({ name: this.model.layers[index]?.name ?? String(index), tensor }));
    return firstNonFinite(named, 'output') ?? { what: 'loss' };
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

/** Trains a tf.LayersModel with its own gradient step, without the overhead of `model.fit`. */
import * as tf from '@tensorflow/tfjs';
import type { Batch } from '../../lab/experiment';
import type { LayerSummary } from '../../protocol/run';
import type { StepFunction, Tensors } from '../compile';
import type { NonFinite } from '../errors';
import { applyModel, inputsFor } from './applyModel';
import { constrain } from './constraints';
import { hiddenLayers, type Hidden } from './hiddenLayers';
import { inputOf, outputFeeds } from './batch';
import { inputsKept, keeping } from './kept';
import type { Learner } from './learner';
import {
  differentiate,
  evaluationLoss,
  firstNonFinite,
  guarded,
  isFiniteBatch,
  isFiniteTensor,
  measure,
  scalarValue,
  trainingLoss,
  type Objective,
} from './objective';
import type { NamedTensor } from './optimizer';
import { scoped } from './scope';
import { lookupsOf, type Lookup } from './tokens';
import { accumulate, update, type Trainable } from './update';

export class LayersLearner implements Learner {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly lookups: readonly Lookup[];
  readonly units: Readonly<Record<string, number>>;
  /** What tfjs does not know of: trained, saved and freed here. */
  private readonly hidden: Hidden;

  constructor(
    readonly model: tf.LayersModel,
    readonly objective: Objective,
    private readonly optimizer: tf.Optimizer,
  ) {
    this.hidden = hiddenLayers(model);
    this.lookups = lookupsOf(model);
    this.units = Object.fromEntries(
      objective.goals.map(({ name }) => {
        const at = objective.goals.length === 1 ? 0 : model.outputNames.indexOf(name);
        return [name, model.outputs[at]?.shape.at(-1) ?? Number.POSITIVE_INFINITY];
      }),
    );
    this.layers = model.layers.map((layer) => summarize(layer, this.hidden));
    this.parameters = model.countParams() + parametersOf(this.hidden);
  }

  get trainableParameters(): number {
    return this.trainable.reduce((sum, weight) => sum + weight.read().size, 0);
  }

  get weightBytes(): number {
    return 4 * this.parameters;
  }

  get weights(): readonly NamedTensor[] {
    return this.variables.map((weight) => ({ name: weight.originalName, tensor: weight.read() }));
  }

  private get variables(): readonly tf.LayerVariable[] {
    return [...this.model.weights, ...this.hidden.weights.map(({ weight }) => weight)];
  }

  private get trainable(): readonly tf.LayerVariable[] {
    const hidden = this.hidden.weights.flatMap(({ weight, isTrainable }) => (isTrainable ? [weight] : []));
    return [...this.model.trainableWeights, ...hidden];
  }

  readonly train: StepFunction = (feeds) =>
    this.step(feeds, (gradients, trainable) => {
      update(this.optimizer, gradients, trainable, feeds);
      constrain(this.trainable);
    });

  readonly accumulate: StepFunction = (feeds) =>
    this.step(feeds, (gradients, trainable) => {
      accumulate(this.optimizer, gradients, trainable);
    });

  readonly trial: StepFunction = (feeds) => this.step(feeds, () => undefined);

  private step(
    feeds: Tensors,
    use: (gradients: tf.NamedTensorMap, trainable: readonly Trainable[]) => void,
  ): ReturnType<StepFunction> {
    const { loss, output, gradients } = this.gradients(feeds);
    const guard = guarded(loss, gradients);
    const trainable = this.trainable.map((weight) => ({
      name: weight.originalName,
      variable: variableOf(weight.read()),
    }));
    use(gradients, trainable);
    return { ...measure(this.objective, feeds, output, loss), guard };
  }

  readonly evaluate: StepFunction = (feeds) => {
    const output = this.forward(inputOf(feeds), false);
    const loss = this.regularised(evaluationLoss(this.objective, feeds, output));
    return { ...outputFeeds(output), ...measure(this.objective, feeds, output, loss) };
  };

  readonly predict: StepFunction = (feeds) => ({ ...outputFeeds(this.forward(inputOf(feeds), false)) });

  /** Inputs, weights, outputs layer by layer, loss, gradients: the first that is not finite is the culprit. */
  diagnose(feeds: Tensors): NonFinite {
    const x = inputOf(feeds);
    if (!isFiniteBatch(x)) return { what: 'input' };
    for (const layer of this.model.layers) {
      const bad = layer.weights.some((weight) => !isFiniteTensor(weight.read()));
      if (bad) return { layer: layer.name, what: 'weights' };
    }
    return scoped(() => {
      const outputs = this.model.layers.flatMap((layer) => outputsOf(layer).map((tensor) => ({ layer, tensor })));
      const inside = tf.model({ inputs: this.model.inputs, outputs: outputs.map(({ tensor }) => tensor) });
      const values = [inside.apply(inputsFor(this.model, x), { training: true })].flat() as tf.Tensor[];
      const named = values.map((tensor, index) => ({ name: outputs[index]?.layer.name ?? '', tensor }));
      return firstNonFinite(named, 'output') ?? this.diagnoseGradients(feeds);
    });
  }

  private diagnoseGradients(feeds: Tensors): NonFinite {
    const { loss, gradients } = this.gradients(feeds);
    if (!isFiniteTensor(loss)) return { what: 'loss' };
    const weight = this.trainable.find((one) => !isFiniteTensor(gradients[variableOf(one.read()).name] ?? loss));
    const hidden = this.hidden.weights.find((one) => one.weight === weight);
    const layer = hidden?.owner ?? this.model.layers.find(({ weights }) => weights.some((one) => one === weight));
    return { what: 'gradient', loss: scalarValue(loss), ...(layer === undefined ? {} : { layer: layer.name }) };
  }

  setWeights(values: readonly tf.Tensor[]): void {
    this.variables.forEach((weight, index) => {
      const value = values[index];
      if (value !== undefined) weight.write(value);
    });
  }

  dispose(): void {
    this.model.dispose();
    for (const { weight } of this.hidden.weights) weight.dispose();
  }

  forward(x: Batch, training: boolean): Batch {
    const weights = this.weights.map(({ name, tensor }) => ({ what: 'weight', tensor, name }) as const);
    return keeping([...inputsKept(x), ...weights], () => applyModel(this.model, x, training));
  }

  private gradients(feeds: Tensors): ReturnType<typeof differentiate> {
    const x = inputOf(feeds);
    return differentiate(
      () => this.forward(x, true),
      (yPred) => this.regularised(trainingLoss(this.objective, feeds, yPred)),
      this.trainable.map((weight) => variableOf(weight.read())),
    );
  }

  /** The declared loss plus the regularisers of all layers, as Keras reports it. */
  private regularised(loss: tf.Scalar): tf.Scalar {
    const regularisation = [this.model, ...this.hidden.layers].flatMap((layer) => layer.calculateLosses());
    return regularisation.reduce<tf.Scalar>((sum, term) => tf.add(sum, term), loss);
  }
}

/** What a layer gives where it was applied last: a model inside a model, and a shared layer, stand in several places. */
function outputsOf(layer: tf.layers.Layer): tf.SymbolicTensor[] {
  return [layer.getOutputAt(layer.inboundNodes.length - 1)].flat();
}

const parametersOf = ({ weights }: Hidden, owner?: tf.layers.Layer): number =>
  weights
    .filter((one) => owner === undefined || one.owner === owner)
    .reduce((sum, { weight }) => sum + weight.read().size, 0);

function summarize(layer: tf.layers.Layer, hidden: Hidden): LayerSummary {
  const [first] = outputsOf(layer).map(({ shape }) => shape);
  return {
    name: layer.name,
    type: layer.getClassName(),
    outputShape: first ?? [],
    parameters: layer.countParams() + parametersOf(hidden, layer),
  };
}

/** A layer's weight is a variable; tfjs types it as a tensor. */
function variableOf(weight: tf.Tensor): tf.Variable {
  if (!isVariable(weight)) throw new Error('A trainable weight is not a variable.');
  return weight;
}

function isVariable(tensor: tf.Tensor): tensor is tf.Variable {
  return tensor instanceof tf.Variable;
}

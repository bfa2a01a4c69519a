/** Trains a model written in plain tensor operations, with the learner's own gradients where there are any. */
import * as tf from '@tensorflow/tfjs';
import { unweightedGradients } from '../../lab/checkWeights';
import { checkTensors } from '../../lab/checkTensors';
import type { Batch, FunctionalExperiment, Parameters } from '../../lab/experiment';
import { SOLE } from '../../lab/fields';
import type { LayerSummary } from '../../protocol/run';
import type { StepFunction, Tensors } from '../compile';
import { LearningError, type NonFinite } from '../errors';
import { checkAnswers, feed, inputOf, outputFeeds } from './batch';
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
import { accumulate, update, type Trainable } from './update';

type FunctionalParts = Pick<FunctionalExperiment, 'forward' | 'gradients' | 'frozen' | 'attention'>;

export class FunctionalLearner implements Learner {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly attention?: (x: tf.Tensor) => readonly tf.Tensor[];
  private readonly variables: Record<string, tf.Variable> = {};
  private readonly frozen: Record<string, tf.Variable> = {};
  /** Of these, what has no other owner. */
  private readonly ownFrozen: readonly tf.Variable[];

  /** @param experiment its `frozen` has been awaited: see `withFrozen` */
  constructor(
    private readonly experiment: FunctionalParts,
    initial: Parameters,
    readonly objective: Objective,
    private readonly optimizer: tf.Optimizer,
  ) {
    for (const [name, value] of Object.entries(initial)) this.variables[name] = tf.variable(value, true);
    const own: tf.Variable[] = [];
    for (const [name, value] of Object.entries(checkTensors(experiment.frozen?.() ?? {}))) {
      const variable: tf.Variable = isVariable(value) ? value : tf.variable(value, false);
      this.frozen[name] = variable;
      if (variable === value) continue;
      own.push(variable);
      value.dispose();
    }
    this.ownFrozen = own;
    this.layers = Object.entries(this.variables).map(([name, variable]) => ({
      name,
      type: 'Parameter',
      outputShape: variable.shape,
      parameters: variable.size,
    }));
    this.parameters = this.layers.reduce((sum, layer) => sum + layer.parameters, 0);
    const { attention } = experiment;
    if (attention !== undefined)
      this.attention = (x) =>
        checkedAttention(
          this.keepingAll(x, () => attention(this.variables, x)),
          x,
        );
  }

  get weightBytes(): number {
    return [...Object.values(this.variables), ...Object.values(this.frozen)].reduce(
      (sum, { size }) => sum + 4 * size,
      0,
    );
  }

  get weights(): readonly NamedTensor[] {
    return Object.entries(this.variables).map(([name, tensor]) => ({ name, tensor }));
  }

  readonly train: StepFunction = (feeds) =>
    this.step(feeds, (gradients) => {
      update(this.optimizer, gradients, this.trainable, feeds);
    });

  readonly accumulate: StepFunction = (feeds) =>
    this.step(feeds, (gradients) => {
      accumulate(this.optimizer, gradients, this.trainable);
    });

  readonly trial: StepFunction = (feeds) => this.step(feeds, () => undefined);

  private step(feeds: Tensors, use: (gradients: tf.NamedTensorMap) => void): ReturnType<StepFunction> {
    const { loss, output, gradients } = this.gradients(feeds);
    const guard = guarded(loss, gradients);
    use(gradients);
    return { ...measure(this.objective, feeds, output, loss), guard };
  }

  private get trainable(): readonly Trainable[] {
    return Object.entries(this.variables).map(([name, variable]) => ({ name, variable }));
  }

  readonly evaluate: StepFunction = (feeds) => {
    const output = this.forward(inputOf(feeds), false);
    const loss = evaluationLoss(this.objective, feeds, output);
    return { ...outputFeeds(output), ...measure(this.objective, feeds, output, loss) };
  };

  readonly predict: StepFunction = (feeds) => ({ ...outputFeeds(this.forward(inputOf(feeds), false)) });

  diagnose(feeds: Tensors): NonFinite {
    const x = inputOf(feeds);
    if (!isFiniteBatch(x)) return { what: 'input' };
    const weights = firstNonFinite(this.weights, 'weights');
    if (weights !== undefined) return weights;
    return scoped(() => {
      if (!isFiniteBatch(this.forward(x, true))) return { what: 'output' };
      const { loss, gradients } = this.gradients(feeds);
      if (!isFiniteTensor(loss)) return { what: 'loss' };
      const bad = Object.entries(this.variables).find(([, { name }]) => !isFiniteTensor(gradients[name] ?? loss));
      return { what: 'gradient', loss: scalarValue(loss), ...(bad === undefined ? {} : { parameter: bad[0] }) };
    });
  }

  setWeights(values: readonly tf.Tensor[]): void {
    Object.values(this.variables).forEach((variable, index) => {
      const value = values[index];
      if (value !== undefined) variable.assign(value);
    });
  }

  dispose(): void {
    for (const variable of [...Object.values(this.variables), ...this.ownFrozen]) variable.dispose();
  }

  forward(x: Batch, training: boolean): Batch {
    return this.keepingAll(x, () => {
      const output = this.experiment.forward(this.variables, asDeclared(x), { training, frozen: this.frozen });
      checkAnswers(output, this.objective.goals);
      return output;
    });
  }

  private keepingAll<T>(x: Batch, work: () => T): T {
    const all = Object.entries({ ...this.frozen, ...this.variables });
    const weights = all.map(([name, tensor]) => ({ what: 'weight', tensor, name }) as const);
    return keeping([...inputsKept(x), ...weights], work);
  }

  private gradients(feeds: Tensors): ReturnType<typeof differentiate> {
    if (this.experiment.gradients !== undefined) return this.ownGradients(this.experiment.gradients, feeds);
    const x = inputOf(feeds);
    return differentiate(
      () => this.forward(x, true),
      (yPred) => trainingLoss(this.objective, feeds, yPred),
      Object.values(this.variables),
    );
  }

  /** The learner's gradients, under the registered names by which tfjs's optimizers find variables. */
  private ownGradients(
    compute: NonNullable<FunctionalParts['gradients']>,
    feeds: Tensors,
  ): ReturnType<typeof differentiate> {
    const x = inputOf(feeds);
    const y = feed(feeds, 'y', SOLE);
    if (feeds['weights'] !== undefined || feeds['mask'] !== undefined) throw unweightedGradients();
    const output = this.forward(x, true);
    const found = compute(this.variables, asDeclared(x), y);
    const gradients: tf.NamedTensorMap = {};
    for (const [name, variable] of Object.entries(this.variables)) {
      gradients[variable.name] = checkedGradient(name, found[name], variable.shape);
    }
    return { loss: trainingLoss(this.objective, feeds, output), output, gradients };
  }
}

const isVariable = (tensor: tf.Tensor): tensor is tf.Variable => tensor instanceof tf.Variable;

/** The data has one input or several, and the learner's function was written for that. */
const asDeclared = (x: Batch): tf.Tensor => x as tf.Tensor;

/** One [batch, length], or for each layer [batch, heads, length, length]. */
function checkedAttention(found: unknown, { shape: [batch = 0, length = 0] }: tf.Tensor): readonly tf.Tensor[] {
  const all: readonly unknown[] = Array.isArray(found) ? found : [found];
  const shapes = all.map((one) => (one instanceof tf.Tensor ? (one as tf.Tensor).shape : undefined));
  const fits = (shape: readonly number[] | undefined): boolean =>
    (all.length === 1 && shape?.join() === `${batch},${length}`) ||
    (shape?.length === 4 && shape[0] === batch && shape[2] === length && shape[3] === length);
  if (all.length > 0 && shapes.every(fits)) return all as readonly tf.Tensor[];
  throw new LearningError({ code: 'ATTENTION_SHAPE', batch, length, found: shapes });
}

/** The learner's gradients must name every parameter and have its shape. */
function checkedGradient(parameter: string, gradient: unknown, expected: readonly number[]): tf.Tensor {
  const found = gradient instanceof tf.Tensor ? (gradient as tf.Tensor) : undefined;
  if (found?.shape.join() === expected.join()) return found;
  throw new LearningError({ code: 'GRADIENT_SHAPE', parameter, expected, found: found?.shape });
}

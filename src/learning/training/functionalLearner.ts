/** Trains a model written in plain tensor operations, with the learner's own gradients where there are any. */
import * as tf from '@tensorflow/tfjs';
import { unweightedGradients } from '../../lab/checkWeights';
import type { FunctionalExperiment, Parameters } from '../../lab/experiment';
import type { LayerSummary } from '../../protocol/run';
import type { StepFunction, Tensors } from '../compile';
import { LearningError, type NonFinite } from '../errors';
import { keeping } from './kept';
import type { Learner } from './learner';
import {
  differentiate,
  evaluationLoss,
  feed,
  firstNonFinite,
  guarded,
  isFiniteTensor,
  measure,
  scalarValue,
  trainingLoss,
  type Objective,
} from './objective';
import type { NamedTensor } from './optimizer';
import { scoped } from './scope';
import { accumulate, update, type Trainable } from './update';

export class FunctionalLearner implements Learner {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  private readonly variables: Record<string, tf.Variable> = {};

  constructor(
    private readonly experiment: Pick<FunctionalExperiment, 'forward' | 'gradients'>,
    initial: Parameters,
    readonly objective: Objective,
    private readonly optimizer: tf.Optimizer,
  ) {
    for (const [name, value] of Object.entries(initial)) this.variables[name] = tf.variable(value, true);
    this.layers = Object.entries(this.variables).map(([name, variable]) => ({
      name,
      type: 'Parameter',
      outputShape: variable.shape,
      parameters: variable.size,
    }));
    this.parameters = this.layers.reduce((sum, layer) => sum + layer.parameters, 0);
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

  private step(feeds: Tensors, use: (gradients: tf.NamedTensorMap) => void): ReturnType<StepFunction> {
    const { loss, output, gradients } = this.gradients(feeds);
    const guard = guarded(loss, gradients);
    use(gradients);
    return { ...measure(this.objective, feed(feeds, 'y'), output, loss), guard };
  }

  private get trainable(): readonly Trainable[] {
    return Object.entries(this.variables).map(([name, variable]) => ({ name, variable }));
  }

  readonly evaluate: StepFunction = (feeds) => {
    const y = feed(feeds, 'y');
    const output = this.forward(feed(feeds, 'x'), false);
    return { output, ...measure(this.objective, y, output, evaluationLoss(this.objective, feeds, output)) };
  };

  readonly predict: StepFunction = (feeds) => ({ output: this.forward(feed(feeds, 'x'), false) });

  diagnose(feeds: Tensors): NonFinite {
    const x = feed(feeds, 'x');
    if (!isFiniteTensor(x)) return { what: 'input' };
    const weights = firstNonFinite(this.weights, 'weights');
    if (weights !== undefined) return weights;
    return scoped(() => {
      if (!isFiniteTensor(this.forward(x, true))) return { what: 'output' };
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
    for (const variable of Object.values(this.variables)) variable.dispose();
  }

  forward(x: tf.Tensor, training: boolean): tf.Tensor {
    const weights = this.weights.map(({ name, tensor }) => ({ what: 'weight', tensor, name }) as const);
    return keeping([{ what: 'input', tensor: x }, ...weights], () =>
      this.experiment.forward(this.variables, x, { training }),
    );
  }

  private gradients(feeds: Tensors): ReturnType<typeof differentiate> {
    if (this.experiment.gradients !== undefined) return this.ownGradients(this.experiment.gradients, feeds);
    const x = feed(feeds, 'x');
    return differentiate(
      () => this.forward(x, true),
      (yPred) => trainingLoss(this.objective, feeds, yPred),
      Object.values(this.variables),
    );
  }

  /** The learner's gradients, under the registered names by which tfjs's optimizers find variables. */
  private ownGradients(
    compute: NonNullable<FunctionalExperiment['gradients']>,
    feeds: Tensors,
  ): ReturnType<typeof differentiate> {
    const x = feed(feeds, 'x');
    const y = feed(feeds, 'y');
    if (feeds['weights'] !== undefined) throw unweightedGradients();
    const output = this.forward(x, true);
    const found = compute(this.variables, x, y);
    const gradients: tf.NamedTensorMap = {};
    for (const [name, variable] of Object.entries(this.variables)) {
      gradients[variable.name] = checkedGradient(name, found[name], variable.shape);
    }
    return { loss: trainingLoss(this.objective, feeds, output), output, gradients };
  }
}

/** The learner's gradients must name every parameter and have its shape. */
function checkedGradient(parameter: string, gradient: unknown, expected: readonly number[]): tf.Tensor {
  const found = gradient instanceof tf.Tensor ? (gradient as tf.Tensor) : undefined;
  if (found?.shape.join() === expected.join()) return found;
  throw new LearningError({ code: 'GRADIENT_SHAPE', parameter, expected, found: found?.shape });
}

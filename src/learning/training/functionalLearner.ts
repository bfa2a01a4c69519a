/** Trains a model written in plain tensor operations, with the learner's own gradients where there are any. */
import * as tf from '@tensorflow/tfjs';
import type { FunctionalExperiment, Parameters } from '../../lab/experiment';
import type { LayerSummary } from '../../protocol/run';
import type { StepFunction, Tensors } from '../compile';
import { LearningError, type NonFinite } from '../errors';
import type { Learner, Objective } from './learner';
import { keeping } from './kept';
import { differentiate, feed, firstNonFinite, guarded, isFiniteTensor, measure, scalarValue } from './objective';
import type { NamedTensor } from './optimizer';
import { scoped } from './scope';

export class FunctionalLearner implements Learner {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  private readonly variables: Record<string, tf.Variable> = {};

  constructor(
    private readonly experiment: Pick<FunctionalExperiment, 'forward' | 'gradients'>,
    initial: Parameters,
    private readonly objective: Objective,
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

  readonly train: StepFunction = (feeds) => {
    const x = feed(feeds, 'x');
    const y = feed(feeds, 'y');
    const { loss, output, gradients } = this.gradients(x, y);
    const guard = guarded(loss, gradients);
    this.optimizer.applyGradients(gradients);
    return { ...measure(this.objective, y, output, loss), guard };
  };

  readonly evaluate: StepFunction = (feeds) => {
    const y = feed(feeds, 'y');
    const output = this.forward(feed(feeds, 'x'), false);
    return { output, ...measure(this.objective, y, output, this.objective.loss(y, output)) };
  };

  readonly predict: StepFunction = (feeds) => ({ output: this.forward(feed(feeds, 'x'), false) });

  diagnose(feeds: Tensors): NonFinite {
    const x = feed(feeds, 'x');
    if (!isFiniteTensor(x)) return { what: 'input' };
    const weights = firstNonFinite(this.weights, 'weights');
    if (weights !== undefined) return weights;
    return scoped(() => {
      if (!isFiniteTensor(this.forward(x, true))) return { what: 'output' };
      const { loss, gradients } = this.gradients(x, feed(feeds, 'y'));
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

  private gradients(x: tf.Tensor, y: tf.Tensor): ReturnType<typeof differentiate> {
    if (this.experiment.gradients !== undefined) return this.ownGradients(this.experiment.gradients, x, y);
    return differentiate(
      () => this.forward(x, true),
      (yPred) => this.objective.loss(y, yPred),
      Object.values(this.variables),
    );
  }

  /** The learner's gradients, under the registered names by which tfjs's optimizers find variables. */
  private ownGradients(
    compute: NonNullable<FunctionalExperiment['gradients']>,
    x: tf.Tensor,
    y: tf.Tensor,
  ): ReturnType<typeof differentiate> {
    const output = this.forward(x, true);
    const found = compute(this.variables, x, y);
    const gradients: tf.NamedTensorMap = {};
    for (const [name, variable] of Object.entries(this.variables)) {
      gradients[variable.name] = checkedGradient(name, found[name], variable.shape);
    }
    return { loss: this.objective.loss(y, output), output, gradients };
  }
}

/** The learner's gradients must name every parameter and have its shape. */
function checkedGradient(parameter: string, gradient: unknown, expected: readonly number[]): tf.Tensor {
  const found = gradient instanceof tf.Tensor ? (gradient as tf.Tensor) : undefined;
  if (found?.shape.join() === expected.join()) return found;
  throw new LearningError({ code: 'GRADIENT_SHAPE', parameter, expected, found: found?.shape });
}

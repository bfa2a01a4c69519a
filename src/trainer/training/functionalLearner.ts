/** Trains a model written in plain tensor operations, with the learner's own gradients where there are any. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { FunctionalExperiment, Parameters } from '../../lab/experiment';
import { LabError } from '../../protocol/errors';
import type { LayerSummary, Metrics } from '../../protocol/run';
import type { Learner, NonFinite, Objective, StepOutcome } from './learner';
import { firstNonFinite, isFiniteTensor, measure } from './objective';
import type { NamedTensor } from './optimizer';
import { scoped } from './scope';

export class FunctionalLearner implements Learner {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  private readonly variables: Record<string, tf.Variable> = {};
  /** tfjs's optimizers find variables by their registered name, which has to be unique in the process. */
  private readonly registered: Record<string, string> = {};

  constructor(
    private readonly experiment: Pick<FunctionalExperiment, 'forward' | 'gradients'>,
    initial: Parameters,
    private readonly objective: Objective,
    private readonly optimizer: tf.Optimizer,
  ) {
    for (const [name, value] of Object.entries(initial)) {
      const variable = tf.variable(value, true);
      this.variables[name] = variable;
      this.registered[name] = variable.name;
    }
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

  step(x: tf.Tensor, y: tf.Tensor): StepOutcome {
    return scoped(() => {
      const { loss, output, gradients } = this.differentiate(x, y);
      const values = measure(this.objective, y, output, loss);
      if (!Number.isFinite(values['loss'])) return { values, nonFinite: this.diagnose(x, output) };
      const bad = firstNonFinite(
        Object.entries(gradients).map(([name, tensor]) => ({ name, tensor })),
        'gradient',
      );
      if (bad !== undefined) return { values, nonFinite: bad };
      const byRegisteredName: Record<string, tf.Tensor> = {};
      for (const [name, gradient] of Object.entries(gradients)) {
        const registered = this.registered[name];
        if (registered !== undefined) byRegisteredName[registered] = gradient;
      }
      this.optimizer.applyGradients(byRegisteredName);
      return { values };
    });
  }

  evaluate(x: tf.Tensor, y: tf.Tensor, onOutput?: (output: tf.Tensor) => void): Metrics {
    return scoped(() => {
      const output = this.experiment.forward(this.variables, x, { training: false });
      onOutput?.(output);
      return measure(this.objective, y, output);
    });
  }

  predict(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => this.experiment.forward(this.variables, x, { training: false }));
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

  private differentiate(x: tf.Tensor, y: tf.Tensor): { loss: tf.Scalar; output: tf.Tensor; gradients: Parameters } {
    if (this.experiment.gradients !== undefined) {
      const output = this.experiment.forward(this.variables, x, { training: true });
      const gradients = this.checked(this.experiment.gradients(this.variables, x, y));
      return { loss: this.objective.loss(y, output), output, gradients };
    }
    let output: tf.Tensor | undefined;
    const { value, grads } = tf.variableGrads(() => {
      output = tf.keep(this.experiment.forward(this.variables, x, { training: true }));
      return this.objective.loss(y, output);
    }, Object.values(this.variables));
    if (output === undefined) throw new Error('variableGrads did not call its function.');
    const kept = output;
    const scoped = tf.clone(kept);
    kept.dispose();
    const gradients: Parameters = {};
    for (const [name, registered] of Object.entries(this.registered)) {
      const gradient = grads[registered];
      if (gradient !== undefined) gradients[name] = gradient;
    }
    return { loss: value, output: scoped, gradients };
  }

  /** The learner's gradients must name every parameter and have its shape. */
  private checked(gradients: Parameters): Parameters {
    for (const [name, variable] of Object.entries(this.variables)) {
      const gradient = gradients[name];
      const expected = `[${variable.shape.join(', ')}]`;
      if (!(gradient instanceof tf.Tensor)) throw gradientError(name, expected, l10n.t('nothing'));
      const found = `[${gradient.shape.join(', ')}]`;
      if (found !== expected) throw gradientError(name, expected, found);
    }
    return gradients;
  }

  private diagnose(x: tf.Tensor, output: tf.Tensor): NonFinite {
    if (!isFiniteTensor(x)) return { what: 'input' };
    return firstNonFinite(this.weights, 'weights') ?? (isFiniteTensor(output) ? { what: 'loss' } : { what: 'output' });
  }
}

function gradientError(parameter: string, expected: string, found: string): LabError {
  return new LabError({
    code: 'MODEL_SHAPE',
    message: l10n.t('The gradient of "{0}" does not have the shape of its parameter.', parameter),
    expected,
    found,
    remedy: l10n.t("Return one tensor for each parameter, in the parameter's own shape."),
  });
}

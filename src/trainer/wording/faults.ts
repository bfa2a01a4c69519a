/** What the core found wrong, in the user's language. */
import * as l10n from '@vscode/l10n';
import { invalid } from '../../lab/check';
import { LearningError, type Fault, type NonFinite } from '../../learning/errors';
import { LabError, type LabErrorData } from '../../protocol/errors';

/** An error of the core as one that people can read; any other as it is. */
export function worded(error: unknown): unknown {
  return error instanceof LearningError ? new LabError(faultData(error.fault), { cause: error }) : error;
}

/** What happened, one sentence. */
export function faultText(fault: Fault): string {
  return faultData(fault).message;
}

function faultData(fault: Fault): LabErrorData {
  switch (fault.code) {
    case 'NOT_A_MODEL':
      return invalid({
        field: 'model',
        expected: l10n.t('a function that returns a model of tfjs layers'),
        found: fault.made,
        remedy:
          fault.made === undefined
            ? l10n.t('Return the model: is a `return` missing?')
            : l10n.t('Return the model itself.'),
      }).data;
    case 'NOT_AN_OPTIMIZER':
      return invalid({
        field: 'optimizer',
        expected: l10n.t('a function that returns an optimizer'),
        found: typeof fault.made === 'function' ? l10n.t('a function that returns a function') : fault.made,
        ...(typeof fault.made === 'function'
          ? { remedy: l10n.t("Leave out '() =>': what 'optimizers' makes is such a function already.") }
          : {
              remedy: l10n.t("Write 'optimizer: () => tf.train.adam(0.001)'."),
              fixes: [{ kind: 'field', name: 'optimizer', value: '() => tf.train.adam(0.001)' }],
            }),
      }).data;
    case 'INPUT_SHAPE':
      return {
        code: 'MODEL_SHAPE',
        message:
          fault.name === ''
            ? l10n.t("The model's input does not fit the data.")
            : l10n.t('The input "{0}" of the model does not fit the data.', fault.name),
        expected: bracketed([null, ...fault.expected]),
        found: bracketed([null, ...fault.found]),
        remedy: l10n.t('Pass inputShape to the first layer.'),
        fixes: fault.fixes,
      };
    case 'INPUT_NAMES':
      return namesData(
        l10n.t('The model does not have the inputs of the data.'),
        fault,
        l10n.t("Name the model's inputs so: tf.input({ name: 'tokens', shape: … })."),
      );
    case 'OUTPUT_NAMES':
      return namesData(
        l10n.t('The model does not have an output for each target of the data.'),
        fault,
        l10n.t("Name the layers that make the outputs so: tf.layers.dense({ name: 'label', units: … })."),
      );
    case 'NO_OUTPUT':
      return invalid({
        field: 'forward',
        expected:
          fault.targets.length === 1
            ? l10n.t('a tensor')
            : l10n.t('an object with one tensor for each target: {0}', fault.targets.join(', ')),
        found: fault.output,
        remedy: l10n.t('Return {0}.', fault.targets.length === 1 ? 'yPred' : `{ ${fault.targets.join(', ')} }`),
      }).data;
    case 'TARGET_RANGE': {
      const { size } = fault;
      const expected = l10n.t('whole numbers from 0 to {0}: the model answers with {1} numbers', size - 1, size);
      const found = l10n.t('{0} in row {1}', fault.found, fault.row);
      return {
        code: 'DATA_LABEL_RANGE',
        message: l10n.t('Data set "{0}": {1}: expected {2}, found {3}.', fault.dataset, fault.field, expected, found),
        expected,
        found,
        remedy: l10n.t('Correct the targets, or give the last layer more units.'),
        field: 'data',
      };
    }
    case 'OUTPUT_UNITS':
      return {
        code: 'MODEL_SHAPE',
        message: l10n.t('The last layer does not have one unit for each class.'),
        expected: bracketed([null, fault.classes]),
        found: bracketed([null, ...fault.found]),
        remedy: l10n.t('Give the last layer units: classes.'),
        fixes: fault.fixes,
      };
    case 'GRADIENT_SHAPE':
      return {
        code: 'MODEL_OWN_GRADIENT',
        message: l10n.t('The gradient of "{0}" does not have the shape of its parameter.', fault.parameter),
        expected: bracketed(fault.expected),
        found: fault.found === undefined ? l10n.t('nothing') : bracketed(fault.found),
        remedy: l10n.t("Return one tensor for each parameter, in the parameter's own shape."),
      };
    case 'SHARED_WEIGHTS':
      return {
        code: 'EXPERIMENT_INVALID',
        message: l10n.t('Both models have the same weights: "{0}".', fault.weight),
        expected: l10n.t('a model of its own for compareWith'),
        found: fault.weight,
        remedy: l10n.t('Make the layers inside the function that builds the model, so that each call makes new ones.'),
        field: 'compareWith',
      };
    case 'ENGINE_LACKS':
      return {
        code: 'ENGINE_OPERATION',
        message: l10n.t('The WebAssembly engine does not have the operation {0}.', fault.operation),
        expected: l10n.t('operations that the engine has'),
        found: fault.operation,
        remedy: l10n.t(
          'Train with the native engine (setting deepLearningLab.engine, --engine native), or compute it from other operations.',
        ),
      };
    case 'NO_GRADIENT':
      return {
        code: 'MODEL_GRADIENT',
        message: l10n.t(
          'Nothing can be learned through the operation {0}: TensorFlow.js has no gradient for it.',
          fault.operation,
        ),
        expected: l10n.t('operations with a gradient between the parameters and the loss'),
        found: fault.operation,
        remedy: l10n.t('Compute it from other operations, or give its gradient yourself with tf.customGrad.'),
      };
    case 'GRADIENT_FAILED':
      return {
        code: 'MODEL_GRADIENT',
        message: l10n.t('TensorFlow.js cannot compute a gradient here: {0}', fault.reason),
        expected: l10n.t('operations with a gradient between the parameters and the loss'),
        found: fault.reason,
        remedy: l10n.t('Compute it from other operations, or give its gradient yourself with tf.customGrad.'),
        field: 'loss',
      };
    case 'LOSS_UNCONNECTED':
      return {
        code: 'MODEL_GRADIENT',
        message: l10n.t('The loss does not depend on any parameter, so nothing can be learned.'),
        expected: l10n.t('a loss that is computed from the output of the model'),
        found: l10n.t('a loss without a connection to the parameters'),
        remedy: l10n.t(
          'Compute the loss from "yPred" in tensor operations: numbers taken out with "dataSync", and tensors made anew, are constants.',
        ),
        field: 'loss',
      };
    case 'NOT_TOKENS': {
      const { dataset, field, layer, size, row, position, found } = fault;
      const expected = l10n.t('whole numbers from 0 to {0}, which layer {1} looks up', size - 1, layer);
      const what =
        found === undefined
          ? l10n.t('bytes, which are scaled to 0 … 1')
          : row === undefined
            ? l10n.t('{0} at position {1}', found, position ?? 0)
            : l10n.t('{0} in row {1}', found, row);
      return {
        code: 'DATA_INVALID',
        message: l10n.t('Data set "{0}": {1}: expected {2}, found {3}.', dataset, field, expected, what),
        expected,
        found: what,
        remedy:
          found === undefined
            ? l10n.t("Write {0}.from(…), and declare inputType: 'int32'.", 'Int32Array')
            : l10n.t('Correct the numbers, or give the layer a larger inputDim.'),
        field: 'data',
      };
    }
    case 'ATTENTION_SHAPE': {
      const { batch, length, found } = fault;
      return {
        code: 'MODEL_ATTENTION',
        message: l10n.t("'attention' does not give what the tokens attend to."),
        expected: l10n.t(
          '{0}, or for each layer {1}',
          bracketed([batch, length]),
          `[${batch}, heads, ${length}, ${length}]`,
        ),
        found:
          found.length === 0
            ? l10n.t('no tensor')
            : found.map((shape) => (shape === undefined ? l10n.t('no tensor') : bracketed(shape))).join(', '),
        remedy: l10n.t('Return the softmax of the scores, as the model itself uses it, or remove the field.'),
        field: 'attention',
      };
    }
    case 'FREED':
      return {
        code: 'MODEL_FREED_TENSOR',
        message: freed(fault),
        expected: l10n.t('"dispose" only for tensors that the function has made itself'),
        found: fault.name,
        remedy: l10n.t('Remove this "dispose": the lab frees what a step no longer needs.'),
      };
    case 'NON_FINITE':
      if (fault.origin.what === 'gradient') return nonFiniteGradient(fault, fault.origin);
      return {
        code: 'NON_FINITE_LOSS',
        message: l10n.t('The loss is {0} at step {1}. {2}', String(fault.loss), fault.step, where(fault.origin)),
        expected: l10n.t('a finite loss'),
        found: String(fault.loss),
        remedy: l10n.t(
          'Usual causes: a learning rate that is too high (it was {0}), inputs that were not scaled, or a logarithm of zero, for example probabilities where the loss expects logits.',
          fault.learningRate,
        ),
      };
    case 'GIVEN_WEIGHTS':
      return {
        code: 'INITIAL_WEIGHTS',
        message: l10n.t('initialWeights does not fit the model: "{0}".', fault.weight),
        expected: fault.expected === undefined ? l10n.t('no such weight') : bracketed(fault.expected),
        found: fault.found === undefined ? l10n.t('no tensor') : bracketed(fault.found),
        remedy: l10n.t("Give tensors in the order and the shapes of the model's weights, or by their names."),
        field: 'initialWeights',
      };
    case 'LEARNING_RATE':
      return {
        code: 'SCHEDULE_INVALID',
        message: l10n.t('The schedule "{0}" gives no learning rate at step {1}.', fault.schedule, fault.step),
        expected: l10n.t('a finite number of at least 0'),
        found: String(fault.rate),
        remedy: l10n.t('Make it give a number for every step, from 0 to the last one.'),
        field: 'optimizer',
      };
    // Whoever restores weights or loads an engine words these; nobody else meets them.
    case 'WEIGHT_COUNT':
    case 'WEIGHT_SHAPE':
    case 'ENGINE_WRONG':
      return { code: 'INTERNAL', message: fault.code };
  }
}

/** Names that the data has and the model has not. The only input or target has none. */
function namesData(
  message: string,
  { expected, found }: { readonly expected: readonly string[]; readonly found: readonly string[] },
  remedy: string,
): LabErrorData {
  const isSole = expected.length === 1 && expected[0] === '';
  return {
    code: 'MODEL_SHAPE',
    message,
    expected: isSole ? l10n.t('one') : expected.join(', '),
    found: found.join(', '),
    ...(isSole ? {} : { remedy }),
  };
}

function freed({ what, name }: Extract<Fault, { readonly code: 'FREED' }>): string {
  switch (what) {
    case 'input':
      return l10n.t('The function frees its input {0}, which others need.', name);
    case 'target':
      return l10n.t('The function frees the targets {0}, which others need.', name);
    case 'output':
      return l10n.t("The function frees the model's output {0}, which others need.", name);
    case 'weight':
      return l10n.t('The function frees the weights "{0}", which every step needs.', name);
  }
}

function nonFiniteGradient(
  { step, loss }: Extract<Fault, { readonly code: 'NON_FINITE' }>,
  { layer, parameter }: NonFinite,
): LabErrorData {
  const name = layer ?? parameter;
  return {
    code: 'NON_FINITE_GRADIENT',
    message:
      name === undefined
        ? l10n.t('A gradient is not finite at step {0}, although the loss is {1}. No weight was changed.', step, loss)
        : l10n.t(
            'The gradient of "{0}" is not finite at step {1}, although the loss is {2}. No weight was changed.',
            name,
            step,
            loss,
          ),
    expected: l10n.t('finite gradients'),
    found: name ?? l10n.t('a gradient that is not finite'),
    remedy: l10n.t(
      'Usual causes: a root, a norm or a division at 0, whose slope is infinite there. Add a small number inside, for example tf.sqrt(tf.add(x, 1e-8)).',
    ),
    ...(parameter === undefined ? {} : { field: 'forward' }),
  };
}

const bracketed = (shape: readonly (number | null)[]): string => `[${shape.map(String).join(', ')}]`;

function where(origin: NonFinite): string {
  const layer = origin.layer ?? '';
  switch (origin.what) {
    case 'input':
      return l10n.t('The batch itself holds values that are not finite.');
    case 'weights':
      return l10n.t('It first appeared in the weights of "{0}", after the previous step.', layer);
    case 'output':
      return layer === ''
        ? l10n.t("It first appeared in the model's output.")
        : l10n.t('It first appeared in the output of "{0}".', layer);
    case 'loss':
    case 'gradient':
      return l10n.t('Every layer is finite; it first appeared in the loss itself.');
  }
}

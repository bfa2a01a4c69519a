import type * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import { checkInteger, checkKnown, checkObject, invalid } from './check';
import { checkAugment } from './checkAugment';
import { checkOptimizer } from './checkOptimizer';
import { checkLosses, checkLossWeights, checkMetrics } from './checkNames';
import { checkClassWeights } from './checkWeights';
import { isPlain, type Dataset } from './dataset';
import { checkStopWhen, curvesOf } from './checkStopWhen';
import { checkComparison, checkModelSizes, checkSizes } from './checkComparison';
import { BRAND, type Batch, type Experiment, type ExperimentConfig, type Parameters } from './experiment';

const COMMON = [
  'title',
  'data',
  'augment',
  'optimizer',
  'loss',
  'lossWeights',
  'metrics',
  'classWeights',
  'epochs',
  'batchSize',
  'seed',
  'stopWhen',
  'restoreBest',
  'compareWith',
  'sizes',
  'modelSizes',
];
const LAYERS = ['model'];
const LAYERS_ONLY = ['initialWeights'];
const FUNCTIONAL = ['parameters', 'forward', 'gradients', 'frozen'];
const FUNCTIONAL_ONLY = ['attention', 'chat'];

/** Seeds beyond this would not fit the 32-bit seeds of TensorFlow's operations. */
const MAX_SEED = 2 ** 31 - 1;

/**
 * Declares what a model file trains: `export default experiment({ … })`. Checks every field and freezes the result;
 * no model is built and no data is read before training starts.
 *
 * @param config Either `model`, a function that builds a tf.LayersModel, or `parameters` and `forward` (and, if you
 *   like, `gradients`) in plain tensor operations; with data, optimizer, loss, epochs and batchSize. `compareWith` trains
 *   a second model beside it.
 * @returns The experiment, to be the model file's default export.
 * @throws LabError EXPERIMENT_INVALID, naming the first field that is missing, unknown or of the wrong kind.
 */
export function experiment<P extends Parameters, Q extends Parameters = P, X extends Batch = tf.Tensor>(
  config: ExperimentConfig<P, Q, X>,
): Experiment {
  const given = checkObject('experiment', config);
  checkKnown('experiment', given, [...COMMON, ...LAYERS, ...LAYERS_ONLY, ...FUNCTIONAL, ...FUNCTIONAL_ONLY]);
  if (typeof given['title'] !== 'string' || given['title'].trim() === '') {
    throw invalid({ field: 'title', expected: l10n.t('a text'), found: given['title'] });
  }
  const data = checkData(given['data']);
  checkModel(given, data);
  checkAugment(given['augment'], data, given['gradients']);
  checkOptimizer('optimizer', given['optimizer']);
  checkLosses('loss', given['loss'], data);
  checkLossWeights(given['lossWeights'], data);
  const metricNames = checkMetrics(given['metrics'], data);
  checkClassWeights(given['classWeights'], data, given['gradients']);
  checkInteger('epochs', given['epochs'], { min: 1 });
  checkInteger('batchSize', given['batchSize'], { min: 1 });
  if (given['seed'] !== undefined) checkInteger('seed', given['seed'], { min: 0, max: MAX_SEED });
  checkStopWhen(given['stopWhen'], curvesOf(metricNames, given['compareWith'] !== undefined));
  checkRestoreBest(given['restoreBest']);
  checkInitialWeights(given);
  checkAttention(given, data);
  checkChat(given);
  checkComparison(given['compareWith'], given['model'] !== undefined, data);
  checkSizes(given['sizes'], given);
  checkModelSizes(given['modelSizes'], given['model'] !== undefined);
  const metrics = config.metrics === undefined ? {} : { metrics: frozen(config.metrics) };
  // What the learner's functions take as parameters is what their own `parameters` made.
  return Object.freeze({ ...(config as unknown as Experiment), ...metrics, [BRAND]: true as const });
}

function frozen<T extends object>(value: T): T {
  return Object.freeze(Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as T;
}

/** True for what `experiment` made, also when another copy of the lab made it. */
export function isExperiment(value: unknown): value is Experiment {
  return typeof value === 'object' && value !== null && BRAND in value && value[BRAND] === true;
}

function checkData(data: unknown): Dataset {
  const expected = l10n.t('a data set');
  const remedy = l10n.t('Use one of the data sets of the lab, for example datasets.spirals().');
  if (typeof data === 'function') {
    throw invalid({
      field: 'data',
      expected,
      found: data,
      remedy: l10n.t('Call it: {0}().', `datasets.${data.name}`),
      fixes: [{ kind: 'wrap', field: 'data', before: '', after: '()' }],
    });
  }
  if (typeof data !== 'object' || data === null) throw invalid({ field: 'data', expected, found: data, remedy });
  const fields: Readonly<Record<string, unknown>> = { ...data };
  const parts: Readonly<Record<string, boolean>> = {
    'data.name': typeof fields['name'] === 'string',
    'data.kind': ['points', 'images', 'table'].includes(String(fields['kind'])),
    ...(fields['inputs'] === undefined
      ? { 'data.inputShape': isShape(fields['inputShape']), 'data.inputType': isType(fields['inputType']) }
      : { 'data.inputs': isFields(fields['inputs'], ({ type }) => isType(type)) }),
    ...(fields['targets'] === undefined
      ? { 'data.targetShape': isShape(fields['targetShape']), 'data.classes': Array.isArray(fields['classes']) }
      : { 'data.targets': isFields(fields['targets'], ({ classes = [] }) => Array.isArray(classes)) }),
    'data.train': isCount(fields['train']),
    'data.test': isCount(fields['test']),
    'data.licence': typeof fields['licence'] === 'string',
    'data.load': typeof (data as { load?: unknown }).load === 'function',
  };
  for (const [field, right] of Object.entries(parts)) {
    if (!right)
      throw invalid({
        field,
        ...(EXPECTED[field] ?? { expected, remedy }),
        found: fields[field.slice('data.'.length)],
      });
  }
  for (const [one, several] of [
    ['inputShape', 'inputs'],
    ['targetShape', 'targets'],
  ] as const) {
    if (fields[one] === undefined || fields[several] === undefined) continue;
    throw invalid({
      field: `data.${one}`,
      expected: l10n.t("either '{0}' or '{1}'", one, several),
      found: l10n.t('both'),
      remedy: l10n.t("'{0}' is for one, '{1}' for several by name: remove the other.", one, several),
    });
  }
  return data as Dataset;
}

/** Of what is not plain at first sight. */
const EXPECTED: Readonly<Record<string, { readonly expected: string; readonly remedy: string } | undefined>> = {
  'data.inputType': { expected: "'float32', 'int32'", remedy: "inputType: 'int32'" },
  'data.inputs': {
    expected: '{ name: { shape, type? } }',
    remedy: "inputs: { tokens: { shape: [64], type: 'int32' }, pixels: { shape: [28, 28, 1] } }",
  },
  'data.targets': {
    expected: '{ name: { shape, classes? } }',
    remedy: "targets: { label: { shape: [], classes: ['no', 'yes'] }, price: { shape: [1] } }",
  },
};

/** The first size may be null, for rows of unequal length. */
function isShape(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((size, axis) => (Number.isInteger(size) && Number(size) > 0) || (axis === 0 && size === null))
  );
}

function isType(value: unknown): boolean {
  return value === undefined || value === 'float32' || value === 'int32';
}

/** At least one, each with a shape; their names stand in curves and in messages. */
function isFields(value: unknown, sound: (field: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields: (readonly [string, unknown])[] = Object.entries(value);
  return (
    fields.length > 0 &&
    fields.every(([name, field]) => {
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || typeof field !== 'object' || field === null) return false;
      const parts: Readonly<Record<string, unknown>> = { ...field };
      return isShape(parts['shape']) && sound(parts);
    })
  );
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0;
}

function checkModel(given: Readonly<Record<string, unknown>>, { targets }: Dataset): void {
  const functional = FUNCTIONAL.filter((field) => given[field] !== undefined);
  if (given['model'] !== undefined && functional.length > 0) {
    throw new LabError({
      code: 'EXPERIMENT_INVALID',
      message: l10n.t("An experiment has either 'model' or 'parameters' and 'forward', not both."),
      expected: 'model',
      found: ['model', ...functional].join(', '),
      remedy: l10n.t('Remove one of the two.'),
    });
  }
  for (const field of functional.length === 0 ? LAYERS : ['parameters', 'forward']) {
    if (typeof given[field] === 'function') continue;
    const remedy =
      field === 'model' ? l10n.t("Write 'model: ({ inputShape, classes }) => tf.sequential({ layers: [ … ] })'.") : '';
    const expected = field === 'model' ? l10n.t('a function that builds the model') : l10n.t('a function');
    throw invalid({ field, expected, found: given[field], ...(remedy === '' ? {} : { remedy }) });
  }
  const { gradients, frozen } = given;
  if (frozen !== undefined && typeof frozen !== 'function') {
    throw invalid({ field: 'frozen', expected: l10n.t('a function that gives tensors'), found: frozen });
  }
  if (gradients !== undefined && typeof gradients !== 'function') {
    throw invalid({ field: 'gradients', expected: l10n.t('a function'), found: gradients });
  }
  if (gradients !== undefined && targets !== undefined) {
    throw invalid({
      field: 'gradients',
      expected: l10n.t('data with one target'),
      found: l10n.t('targets {0}', Object.keys(targets).join(', ')),
      remedy: l10n.t("Remove 'gradients': TensorFlow then differentiates 'forward'."),
    });
  }
}

function checkRestoreBest(value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw invalid({ field: 'restoreBest', expected: l10n.t('true or false'), found: value });
}

function checkAttention({ attention, model }: Readonly<Record<string, unknown>>, data: Dataset): void {
  if (attention === undefined) return;
  const field = 'attention';
  if (typeof attention !== 'function') {
    throw invalid({ field, expected: l10n.t('a function that gives tensors'), found: attention });
  }
  if (model !== undefined) {
    throw invalid({
      field,
      expected: l10n.t("a model written as 'parameters' and 'forward'"),
      found: 'model',
      remedy: l10n.t("Remove '{0}'.", field),
    });
  }
  if (isPlain(data) && data.inputType === 'int32' && data.inputShape.length === 1) return;
  throw invalid({
    field,
    expected: l10n.t('data whose rows are tokens, e.g. datasets.text(…)'),
    found: data.name,
    remedy: l10n.t("Remove '{0}'.", field),
  });
}

function checkChat({ chat, model }: Readonly<Record<string, unknown>>): void {
  if (chat === undefined) return;
  if (model !== undefined) {
    throw invalid({
      field: 'chat',
      expected: l10n.t("a model written as 'parameters' and 'forward'"),
      found: 'model',
      remedy: l10n.t("Remove '{0}'.", 'chat'),
    });
  }
  const given = checkObject('chat', chat);
  checkKnown('chat', given, ['model', 'merged', 'system']);
  if (typeof given['model'] !== 'function')
    throw invalid({ field: 'chat: model', expected: l10n.t('a function that gives a model'), found: given['model'] });
  if (given['merged'] !== undefined && typeof given['merged'] !== 'function')
    throw invalid({ field: 'chat: merged', expected: l10n.t('a function that gives tensors'), found: given['merged'] });
  if (given['system'] !== undefined && typeof given['system'] !== 'string')
    throw invalid({ field: 'chat: system', expected: l10n.t('a text'), found: given['system'] });
}

function checkInitialWeights({ initialWeights, model }: Readonly<Record<string, unknown>>): void {
  if (initialWeights === undefined) return;
  if (typeof initialWeights !== 'function') {
    throw invalid({
      field: 'initialWeights',
      expected: l10n.t('a function that gives tensors'),
      found: initialWeights,
    });
  }
  if (model !== undefined) return;
  throw invalid({
    field: 'initialWeights',
    expected: l10n.t('a model of layers'),
    found: 'parameters',
    remedy: l10n.t("Let 'parameters' give the values to begin with."),
  });
}

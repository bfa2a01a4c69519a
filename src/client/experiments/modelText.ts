/** The text of a model file that trains at once, for a learner's own data. */
import * as l10n from '@vscode/l10n';
import type { TableLook } from '../../protocol/dataLook';
import { featuresOf, isClasses, kindsOf } from './suggest';

/** A table and the column to predict. */
export interface TableExperiment {
  readonly kind: 'table';
  /** Relative to the model file, with slashes. */
  readonly path: string;
  readonly look: TableLook;
  readonly target: string;
}

/** A data set of the lab, by the name of its function. */
export interface BuiltInExperiment {
  readonly kind: 'builtIn';
  readonly set: BuiltInSet;
}

export const BUILT_IN_SETS = ['spirals', 'moons', 'mnist', 'fashionMnist', 'cifar10'] as const;
export type BuiltInSet = (typeof BUILT_IN_SETS)[number];

/** Pictures in a folder, those of a class in a folder of its name. */
export interface PicturesExperiment {
  readonly kind: 'pictures';
  /** Relative to the model file, with slashes. */
  readonly path: string;
  /** The folder's own name. */
  readonly name: string;
}

export type NewExperiment = TableExperiment | PicturesExperiment | BuiltInExperiment;

export function modelText(experiment: NewExperiment): string {
  if (experiment.kind === 'table') return tableText(experiment);
  return experiment.kind === 'pictures' ? picturesText(experiment) : builtInText(experiment.set);
}

interface Parts {
  readonly title: string;
  /** Lines of what stands behind `data: `. */
  readonly data: readonly string[];
  /** What stands behind `augment: `. */
  readonly augment?: string;
  readonly layers: readonly string[];
  readonly rate: string;
  readonly classes: boolean;
  readonly loss: string;
  readonly metrics: readonly string[];
  readonly epochs: number;
  readonly batchSize: number;
}

function fileText({ title, data, augment, layers, rate, classes, loss, metrics, epochs, batchSize }: Parts): string {
  const imports = [
    ...(augment === undefined ? [] : ['augment']),
    'datasets',
    'experiment',
    ...(loss.startsWith('losses.') ? ['losses'] : []),
    'tf',
  ];
  const lines = [
    `import { ${imports.join(', ')} } from 'deep-learning-lab';`,
    '',
    'export default experiment({',
    `  title: ${literal(title)},`,
    '',
    ...data.map((line, index) => `  ${index === 0 ? 'data: ' : ''}${line}`),
    ...(augment === undefined
      ? []
      : [`  // ${l10n.t('Each training picture is another one each time.')}`, `  augment: ${augment},`]),
    '',
    `  model: ({ inputShape${classes ? ', classes' : ''} }) =>`,
    '    tf.sequential({',
    '      layers: [',
    ...layers.map((line) => `        ${line}`),
    '      ],',
    '    }),',
    '',
    `  optimizer: () => tf.train.adam(${rate}),`,
    `  loss: ${loss},`,
    `  metrics: [${metrics.map(literal).join(', ')}],`,
    '',
    `  epochs: ${epochs},`,
    `  batchSize: ${batchSize},`,
    '  seed: 1,',
    '});',
    '',
  ];
  return lines.join('\n');
}

const CROSS_ENTROPY = 'losses.sparseCategoricalCrossentropy({ fromLogits: true })';

function tableText({ path, look, target }: TableExperiment): string {
  const column = look.columns.find(({ name }) => name === target);
  const classes = column === undefined || isClasses(column);
  const features = featuresOf(look, target);
  const kinds = kindsOf(features);
  const list = (columns: readonly { readonly name: string }[]): string =>
    `[${columns.map(({ name }) => literal(name)).join(', ')}]`;
  const data = [
    `datasets.csv(${literal(path)}, {`,
    `  target: ${literal(target)},`,
    `  features: ${list(features)},`,
    ...(kinds.length === 0
      ? []
      : [`  // ${l10n.t('Their numbers are names of kinds.')}`, `  categorical: ${list(kinds)},`]),
    ...(classes
      ? []
      : [`  // ${l10n.t('Errors are in standard deviations of the target.')}`, '  standardizeTarget: true,']),
    '}),',
  ];
  return fileText({
    title: l10n.t('{0} of {1}', target, path.slice(path.lastIndexOf('/') + 1)),
    data,
    layers: [
      "tf.layers.dense({ inputShape, units: 32, activation: 'relu' }),",
      "tf.layers.dense({ units: 32, activation: 'relu' }),",
      classes ? 'tf.layers.dense({ units: classes }),' : 'tf.layers.dense({ units: 1 }),',
    ],
    rate: '0.003',
    classes,
    loss: classes ? CROSS_ENTROPY : "'meanSquaredError'",
    metrics: classes ? ['accuracy'] : ['meanAbsoluteError', 'r2'],
    ...paceOf(look),
  });
}

/** Some thousand steps at most: seconds for a small table, a minute for a large one. */
function paceOf({ rows, whole }: TableLook): Pick<Parts, 'epochs' | 'batchSize'> {
  if (!whole) return { epochs: 5, batchSize: 256 };
  return rows < 2_000 ? { epochs: 30, batchSize: 32 } : { epochs: 15, batchSize: 64 };
}

function builtInText(set: BuiltInSet): string {
  const common = { title: set, rate: '0.003', classes: true, loss: CROSS_ENTROPY, metrics: ['accuracy'] };
  if (set === 'spirals' || set === 'moons')
    return fileText({
      ...common,
      data: [`datasets.${set}(),`],
      layers: [
        "tf.layers.dense({ inputShape, units: 32, activation: 'tanh' }),",
        "tf.layers.dense({ units: 32, activation: 'tanh' }),",
        'tf.layers.dense({ units: classes }),',
      ],
      rate: '0.01',
      epochs: 100,
      batchSize: 32,
    });
  return fileText({
    ...common,
    data: [`datasets.${set}({ train: 10_000, test: 2_000 }),`],
    layers: convolutional([16, 32]),
    rate: '0.001',
    epochs: 5,
    batchSize: 64,
  });
}

function picturesText({ path, name }: PicturesExperiment): string {
  return fileText({
    title: name,
    data: [`datasets.images(${literal(path)}, { size: [64, 64] }),`],
    augment: '[augment.flip(), augment.crop(4)]',
    layers: convolutional([16, 32, 64]),
    rate: '0.001',
    classes: true,
    loss: CROSS_ENTROPY,
    metrics: ['accuracy'],
    epochs: 15,
    batchSize: 32,
  });
}

/** Each block halves the sides of its pictures. */
function convolutional(filters: readonly number[]): readonly string[] {
  const blocks = filters.flatMap((count, block) => [
    `tf.layers.conv2d({ ${block === 0 ? 'inputShape, ' : ''}filters: ${count}, kernelSize: 3, padding: 'same', activation: 'relu' }),`,
    'tf.layers.maxPooling2d({ poolSize: 2 }),',
  ]);
  const head = ["tf.layers.dense({ units: 64, activation: 'relu' }),", 'tf.layers.dense({ units: classes }),'];
  return [...blocks, 'tf.layers.flatten(),', ...head];
}

/** As code: whatever stands in a name is a text. */
const literal = (text: string): string =>
  `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replace(/[\n\r\u2028\u2029]/g, ' ')}'`;

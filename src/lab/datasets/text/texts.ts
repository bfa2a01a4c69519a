/** Texts of several classes as rows of tokens. */
import * as l10n from '@vscode/l10n';
import * as tf from '@tensorflow/tfjs';
import { LabError } from '../../../protocol/errors';
import { checkInteger, checkKnown, checkObject, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import type { InMemoryDataset, LoadContext, PlainSplit } from '../../dataset';
import { pad, PADDING, type Tokenizer, type TokenizerPlan } from '../../tokenizers/tokenizer';
import { stopIfCancelled, textEmpty } from '../errors';
import { readVectors, VECTORS, type VectorsName } from './vectors';

/** Texts with the class of each. */
export interface Labelled {
  readonly texts: readonly string[];
  /** 0 … classes − 1, as many as texts. */
  readonly labels: readonly number[];
}

export interface TextSplits {
  readonly train: Labelled;
  readonly test: Labelled;
}

export interface TokenOptions {
  /** How texts become tokens: tokenizers.words({ size: 3_000 }), or one of your own. Trained on the training texts. */
  readonly tokenizer: TokenizerPlan;
  /** Tokens in a row: shorter texts are padded with 0, longer ones cut or refused. At least 1. */
  readonly length: number;
  /** What happens to a longer text: only its first tokens count, or the data is refused. Default 'cut'. */
  readonly longer?: 'cut' | 'refuse';
  /** Vectors that others have trained, for `vectors()`. */
  readonly vectors?: VectorsName;
}

export interface TextsOptions extends TokenOptions {
  readonly name: string;
  /** Names of the classes in label order. */
  readonly classes: readonly string[];
  /** How many texts there will be. */
  readonly train: number;
  readonly test: number;
  readonly licence?: string;
  readonly read: (context: LoadContext) => TextSplits | Promise<TextSplits>;
}

/** What a folder or a table is to `texts`. */
export interface OwnTexts {
  readonly name: string;
  readonly classes: readonly string[];
  readonly train: number;
  readonly test: number;
  readonly read: TextsOptions['read'];
}

/** Rows of tokens, int32 [length, …], with what made them. */
export interface TextDataset extends InMemoryDataset {
  /** Most numbers that the tokenizer gives: the rows of an embedding. */
  readonly vocabularySize: number;
  /** The texts themselves. @throws LabError as `load` */
  texts(context?: LoadContext): Promise<TextSplits>;
  load(context?: LoadContext): Promise<{
    readonly train: PlainSplit;
    readonly test: PlainSplit;
    /** Trained on the training texts. */
    readonly tokenizer: Tokenizer;
  }>;
  /**
   * A vector for each token, float32 [vocabularySize, width]: that of the option `vectors` where there is one, else zeros,
   * as for padding. To begin an embedding with. Before anything was loaded, in the editor, it is all zeros.
   * @throws LabError EXPERIMENT_INVALID without the option
   */
  vectors(): tf.Tensor2D;
}

/**
 * Texts as rows of tokens, for texts of your own.
 *
 *   datasets.texts({
 *     name: 'Mails', classes: ['ham', 'spam'], train: 800, test: 200,
 *     tokenizer: tokenizers.words({ size: 2_000 }), length: 50,
 *     read: () => ({ train: { texts: […], labels: […] }, test: { texts: […], labels: […] } }),
 *   })
 *
 * @throws LabError EXPERIMENT_INVALID at once; when loading TEXT_EMPTY, TEXT_TOO_LONG, TEXT_ENCODING, DATA_INVALID, and
 *   what `read` throws.
 */
export function texts(options: TextsOptions): TextDataset {
  const given = checkObject('datasets.texts', options);
  checkKnown('datasets.texts', given, [...TOKEN_OPTIONS, 'name', 'classes', 'train', 'test', 'licence', 'read']);
  checkTokenOptions('datasets.texts', given);
  checkInteger('datasets.texts: train', given['train'], { min: 1 });
  checkInteger('datasets.texts: test', given['test'], { min: 1 });
  if (typeof given['read'] !== 'function') {
    throw invalid({ field: 'datasets.texts: read', expected: l10n.t('a function'), found: given['read'] });
  }
  const { name, classes, train, test, licence = '', tokenizer, length, longer = 'cut', vectors } = options;
  let known: Float32Array | undefined;
  const width = vectors === undefined ? 0 : VECTORS[vectors].width;
  return Object.freeze({
    name,
    kind: 'table',
    inputShape: Object.freeze([length]),
    inputType: 'int32',
    classes: Object.freeze([...classes]),
    targetShape: Object.freeze([]),
    train,
    test,
    licence: vectors === undefined ? licence : `${licence}; ${VECTORS[vectors].licence()}`,
    vocabularySize: tokenizer.size,
    texts: async (context) => read(options, loadContext(context)),
    load: async (given) => {
      const context = loadContext(given);
      const splits = await read(options, context);
      const trained = tokenizer.train(splits.train.texts);
      if (vectors !== undefined) known = await vectorsOf(trained.vocabulary, tokenizer.size, vectors, context);
      stopIfCancelled(context.signal);
      const rows = (which: 'train' | 'test'): PlainSplit =>
        rowsOf(splits[which], trained, { length, longer, field: `${which}.texts` });
      return { train: rows('train'), test: rows('test'), tokenizer: trained };
    },
    vectors: () => {
      if (vectors === undefined) {
        const expected = Object.keys(VECTORS).join(', ');
        throw invalid({ field: 'vectors', expected, found: undefined });
      }
      const shape: [number, number] = [tokenizer.size, width];
      return known === undefined ? tf.zeros(shape) : tf.tensor2d(known, shape);
    },
  } satisfies TextDataset);
}

export const TOKEN_OPTIONS = ['tokenizer', 'length', 'longer', 'vectors'];

export function checkTokenOptions(owner: string, given: Readonly<Record<string, unknown>>): void {
  const { tokenizer, length, longer, vectors } = given;
  checkTokenizer(owner, tokenizer);
  checkInteger(`${owner}: length`, length, { min: 1 });
  checkOneOf(`${owner}: longer`, longer, ['cut', 'refuse']);
  checkOneOf(`${owner}: vectors`, vectors, Object.keys(VECTORS));
}

export function checkTokenizer(owner: string, tokenizer: unknown): void {
  const plan: Readonly<Record<string, unknown>> =
    typeof tokenizer === 'object' && tokenizer !== null ? { ...tokenizer } : {};
  if (typeof plan['train'] !== 'function') {
    throw invalid({
      field: `${owner}: tokenizer`,
      expected: l10n.t('a tokenizer, e.g. tokenizers.words({ size: 3_000 })'),
      found: tokenizer,
    });
  }
  checkInteger(`${owner}: tokenizer.size`, plan['size'], { min: 1 });
}

function checkOneOf(field: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.includes(value as string)) return;
  throw invalid({ field, expected: known.map((one) => `'${one}'`).join(', '), found: value });
}

async function read({ name, read: own }: TextsOptions, context: LoadContext): Promise<TextSplits> {
  stopIfCancelled(context.signal);
  context.progress(l10n.t('Reading {0}', name), null);
  const splits = await own(context);
  for (const which of ['train', 'test'] as const) checkLabelled(name, which, splits[which]);
  return splits;
}

function checkLabelled(name: string, which: string, { texts: rows, labels }: Labelled): void {
  if (Array.isArray(rows) && Array.isArray(labels) && rows.length === labels.length && rows.length > 0) return;
  const expected = l10n.t('as many labels as texts, at least one');
  const found = l10n.t('{0} texts, {1} labels', rows.length, labels.length);
  throw new LabError({
    code: 'DATA_INVALID',
    message: l10n.t('Data set "{0}": {1}: expected {2}, found {3}.', name, which, expected, found),
    expected,
    found,
    remedy: l10n.t('Give { texts: […], labels: […] } for train and for test.'),
    field: 'data',
  });
}

interface Rows {
  readonly length: number;
  readonly longer: 'cut' | 'refuse';
  /** "train.texts" */
  readonly field: string;
}

function rowsOf({ texts: all, labels }: Labelled, tokenizer: Tokenizer, { length, longer, field }: Rows): PlainSplit {
  const x = new Int32Array(all.length * length);
  all.forEach((text, row) => {
    const ids = tokenizer.encode(text);
    if (ids.every((id) => id === PADDING)) {
      const remedy = l10n.t('Leave out texts without words, in train and test alike.');
      throw textEmpty(`${field}[${row}]`, text, remedy);
    }
    x.set(pad(longer === 'cut' ? ids.subarray(0, length) : ids, length), row * length);
  });
  return { length: all.length, x, y: Int32Array.from(labels) };
}

/** Rows in the order of the vocabulary, zeros where there is no vector. */
async function vectorsOf(
  vocabulary: readonly string[],
  size: number,
  name: VectorsName,
  context: LoadContext,
): Promise<Float32Array> {
  const { rows, width } = await readVectors(name, context);
  const result = new Float32Array(size * width);
  vocabulary.slice(0, size).forEach((token, id) => {
    const row = id === PADDING ? undefined : rows.get(token);
    if (row !== undefined) result.set(row, id * width);
  });
  return result;
}

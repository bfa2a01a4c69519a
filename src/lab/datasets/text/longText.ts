/** One long text for a language model: windows of tokens, each with the token that comes next. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../protocol/errors';
import { checkInteger, checkKnown, checkNumber, checkObject, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import type { Dataset, LoadContext, PlainDataset, Split } from '../../dataset';
import { windowCount, windows } from '../../rows';
import { characters } from '../../tokenizers/pieces';
import { checkText, UNKNOWN, type Tokenizer, type TokenizerPlan } from '../../tokenizers/tokenizer';
import { dataMissing, stopIfCancelled, textEmpty } from '../errors';
import { checkPath } from '../own/place';
import type { Encoding } from '../table/encoding';
import { BETWEEN_FILES, folderText } from './folderText';
import { findPacked, readText } from './packed';
import { checkEncoding, readTextFile } from './textFile';
import { checkTokenizer } from './texts';

/** Texts that are packed with the lab. */
export type PackedTextName = 'moby-dick' | 'quatrains';

export interface TextFile {
  readonly file: string;
  readonly encoding?: Encoding;
}

export interface TextFiles {
  readonly folder: string;
  /** Between one file and the next. Default: an empty line. */
  readonly separator?: string;
  readonly encoding?: Encoding;
}

export interface TextOptions {
  /**
   * 'moby-dick', a novel; 'quatrains', Chinese poems, one a line; a file of your own, whose relative path means the folder of the
   * model file or the data folder; a folder, whose files that end in .txt and .md are one text in the order of their names; or
   * the text itself. Files are read as UTF-8, UTF-16 or GBK, as their bytes are, where no encoding is named.
   */
  readonly from: PackedTextName | TextFile | TextFiles | { readonly text: string };
  /** Tokens in a window: how far back a model can look. At least 1. */
  readonly length: number;
  /**
   * How the text becomes tokens. Default: by character, as many as a packed text has, else the 254 most frequent. Its
   * vocabulary is that of the whole text.
   */
  readonly tokenizer?: TokenizerPlan;
  /** What happens to text that the vocabulary lacks: it is refused, or becomes the token <unk>. Default 'refuse'. */
  readonly unknown?: 'refuse' | 'mark';
  /** The share of the text at its end that is for testing, between 0 and 1. Default 0.1. */
  readonly validation?: number;
  /** Windows drawn for an epoch. Default: so many that together they are as long as the text. */
  readonly perEpoch?: number;
}

/** Windows of one token array, int32 [length]; targets the same, one token further. */
export interface LongTextDataset extends PlainDataset {
  /** Most numbers that the tokenizer gives: the rows of an embedding. */
  readonly vocabularySize: number;
  /** The text itself. @throws LabError as `load` */
  text(context?: LoadContext): Promise<string>;
  load(context?: LoadContext): Promise<{
    readonly train: Split;
    /** Windows one behind the other: each token of the end is a target once. */
    readonly test: Split;
    /** Trained on the whole text. Its `encode` refuses what is not in the vocabulary, where `unknown` is 'refuse'. */
    readonly tokenizer: Tokenizer;
  }>;
}

const made = new WeakSet<object>();

/** Whether `text` made it. */
export const isLongText = (data: Dataset): data is LongTextDataset => made.has(data);

interface Source {
  readonly name: () => string;
  readonly licence: () => string;
  /** Tokens: as many as it has, or more where that is not known before it is read. */
  readonly tokens: number;
  readonly vocabulary: number;
  readonly read: (context: LoadContext) => Promise<string>;
}

const PACKED: Readonly<Record<PackedTextName, Omit<Source, 'read'>>> = {
  'moby-dick': {
    name: () => 'Moby-Dick',
    licence: () => l10n.t('Herman Melville 1851, public domain'),
    tokens: 1_191_160,
    vocabulary: 83,
  },
  quatrains: {
    name: () => l10n.t('Chinese quatrains'),
    licence: () => l10n.t('Complete Tang Poems by way of chinese-poetry, MIT licence'),
    tokens: 287_859,
    vocabulary: 3_524,
  },
};

/** Of a text that nobody has looked at yet. */
const OWN_VOCABULARY = 256;

/**
 * A long text for a language model. Each position of the token array begins a window, none is copied; an epoch draws so many
 * of them at random.
 *
 *   datasets.text({ from: 'moby-dick', length: 64 })
 *   datasets.text({ from: { file: 'shakespeare.txt' }, length: 64, tokenizer: tokenizers.bytePairs({ size: 1_000 }) })
 *
 *   datasets.text({ from: { folder: 'poems' }, length: 64 })
 *
 * @returns x int32 [length]; y int32 [length], the token that follows each of x.
 * @throws LabError EXPERIMENT_INVALID at once, and of a folder DATA_MISSING and DATA_UNUSABLE; when loading DATA_MISSING,
 *   DATA_CORRUPT (also for bytes of another encoding), DATA_UNUSABLE, TEXT_EMPTY, TEXT_TOO_SHORT, TEXT_UNKNOWN, TEXT_ENCODING, CANCELLED.
 */
export function text(options: TextOptions): LongTextDataset {
  const owner = 'datasets.text';
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['from', 'length', 'tokenizer', 'unknown', 'validation', 'perEpoch']);
  const source = sourceOf(owner, given['from']);
  const length = checkInteger(`${owner}: length`, given['length'], { min: 1 });
  const { tokenizer: plan = characters({ size: source.vocabulary }), unknown = 'refuse', validation = 0.1 } = options;
  checkTokenizer(owner, plan);
  if (!['refuse', 'mark'].includes(unknown)) {
    throw invalid({ field: `${owner}: unknown`, expected: "'refuse', 'mark'", found: unknown });
  }
  checkNumber(`${owner}: validation`, validation, 0, 1);
  const perEpoch =
    given['perEpoch'] === undefined ? undefined : checkInteger(`${owner}: perEpoch`, given['perEpoch'], { min: 1 });
  const split = { length, validation, ...(perEpoch === undefined ? {} : { perEpoch }) };
  const expected = sizesOf(source.tokens, split);
  const read = async (context?: LoadContext): Promise<string> => {
    const known = loadContext(context);
    stopIfCancelled(known.signal);
    known.progress(l10n.t('Reading {0}', source.name()), null);
    return source.read(known);
  };
  const dataset: LongTextDataset = Object.freeze({
    name: source.name(),
    kind: 'table',
    inputShape: Object.freeze([length]),
    inputType: 'int32',
    classes: Object.freeze(Array.from({ length: plan.size }, (_, id) => String(id))),
    targetShape: Object.freeze([length]),
    train: expected.train,
    test: expected.test,
    licence: source.licence(),
    vocabularySize: plan.size,
    text: read,
    load: async (context) => {
      const whole = await read(context);
      const trained = plan.train([whole]);
      const tokenizer = unknown === 'refuse' ? refusing(trained, source.name()) : trained;
      const tokens = tokenizer.encode(whole);
      return { ...splitsOf(tokens, split, source.name()), tokenizer };
    },
  } satisfies LongTextDataset);
  made.add(dataset);
  return dataset;
}

function sourceOf(owner: string, from: unknown): Source {
  if (typeof from === 'string' && Object.hasOwn(PACKED, from)) {
    const packed = PACKED[from as PackedTextName];
    const read = (context: LoadContext): Promise<string> =>
      readText(path.join(findPacked(from, 'text.txt.gz', packed.name(), context), 'text.txt.gz'));
    return { ...packed, read };
  }
  const fields: Readonly<Record<string, unknown>> = typeof from === 'object' && from !== null ? { ...from } : {};
  const { file, folder, text: own, separator } = fields;
  const kinds = [file, folder, own].filter((kind) => kind !== undefined).length;
  const encoding = checkEncoding(`${owner}: from.encoding`, fields['encoding']);
  if (typeof file === 'string' && file !== '' && kinds === 1) {
    checkKnown(`${owner}: from`, fields, ['file', 'encoding']);
    return sourceOfFile(file, encoding);
  }
  if (folder !== undefined && kinds === 1) {
    checkKnown(`${owner}: from`, fields, ['folder', 'separator', 'encoding']);
    if (separator !== undefined && typeof separator !== 'string')
      throw invalid({ field: `${owner}: from.separator`, expected: l10n.t('a text'), found: separator });
    const { name, bytes, read } = folderText(
      checkPath(`${owner}: from.folder`, folder),
      separator ?? BETWEEN_FILES,
      encoding,
    );
    return ownSource(name, bytes, read);
  }
  if (typeof own === 'string' && kinds === 1) {
    return ownSource(l10n.t('Own text'), own.length, () => Promise.resolve(checkText(`${owner}: from.text`, own)));
  }
  const known = Object.keys(PACKED).map((name) => `'${name}'`);
  throw invalid({
    field: `${owner}: from`,
    expected: [...known, '{ file }', '{ folder }', '{ text }'].join(', '),
    found: from,
  });
}

function sourceOfFile(file: string, encoding: Encoding | undefined): Source {
  const size = fs.statSync(path.resolve(file), { throwIfNoEntry: false })?.size ?? 0;
  return ownSource(path.basename(file), size, (context) => {
    const places = [process.cwd(), ...context.directories].map((folder) => path.resolve(folder, file));
    const found = places.find((place) => fs.existsSync(place));
    if (found !== undefined) return readTextFile(found, encoding);
    const folders = [...new Set(places.map((place) => path.dirname(place)))];
    const remedy = l10n.t('Put the file there, or write its whole path.');
    throw dataMissing(path.basename(file), file, folders, remedy);
  });
}

const ownSource = (name: string, tokens: number, read: Source['read']): Source => ({
  name: () => name,
  licence: () => l10n.t('your own text'),
  tokens,
  vocabulary: OWN_VOCABULARY,
  read,
});

interface SplitOptions {
  readonly length: number;
  readonly validation: number;
  readonly perEpoch?: number;
}

/** How many windows so many tokens have, to train and to test. */
function sizesOf(
  tokens: number,
  { length, validation }: SplitOptions,
): { readonly border: number; readonly train: number; readonly test: number } {
  const border = Math.round(tokens * (1 - validation));
  const train = windowCount(border, { size: length, offset: 1 });
  return { border, train, test: windowCount(tokens - border, { size: length, stride: length, offset: 1 }) };
}

function splitsOf(tokens: Int32Array, options: SplitOptions, name: string): { train: Split; test: Split } {
  const { length } = options;
  if (tokens.length === 0) {
    throw textEmpty(name, '', l10n.t('Name a file with a text, or write one.'));
  }
  const { border, train, test } = sizesOf(tokens.length, options);
  const [known, unseen] = [tokens.subarray(0, border), tokens.subarray(border)];
  for (const [which, part, count] of [
    ['train', known, train],
    ['test', unseen, test],
  ] as const) {
    if (count === 0) throw tooShort(`${name}: ${which}`, length + 1, part.length);
  }
  const perEpoch = options.perEpoch ?? Math.max(1, Math.floor(known.length / length));
  const next = { size: length, offset: 1 };
  return {
    train: { length: train, x: windows(known, { size: length }), y: windows(known, next), perEpoch },
    test: {
      length: test,
      x: windows(unseen, { size: length, stride: length }),
      y: windows(unseen, { ...next, stride: length }),
    },
  };
}

function tooShort(field: string, expected: number, found: number): LabError {
  return new LabError({
    code: 'TEXT_TOO_SHORT',
    message: l10n.t('{0}: the text has {1} tokens; one window and what follows it need {2}.', field, found, expected),
    expected: l10n.t('at least {0} tokens', expected),
    found: l10n.t('{0} tokens', found),
    remedy: l10n.t('Take a longer text, a smaller "length", or another share for "validation".'),
    field: 'data',
  });
}

/** The same tokenizer, except that it numbers nothing that it does not know. */
function refusing(tokenizer: Tokenizer, name: string): Tokenizer {
  if (tokenizer.vocabulary[UNKNOWN] !== '<unk>') return tokenizer;
  return Object.freeze({
    ...tokenizer,
    encode: (given: string) => {
      const ids = tokenizer.encode(given);
      if (!ids.includes(UNKNOWN)) return ids;
      const pieces = tokenizer.tokens(given);
      const lacking = [...new Set(pieces.filter((_, i) => ids[i] === UNKNOWN))];
      throw unknownPieces(name, lacking, tokenizer.vocabulary.length);
    },
  });
}

const SHOWN = 5;

function unknownPieces(name: string, pieces: readonly string[], size: number): LabError {
  const shown = pieces.slice(0, SHOWN).map((piece) => JSON.stringify(piece));
  const found = pieces.length > SHOWN ? `${shown.join(', ')} …` : shown.join(', ');
  return new LabError({
    code: 'TEXT_UNKNOWN',
    message: l10n.t('{0}: {1} tokens of the text are not in the vocabulary: {2}', name, pieces.length, found),
    expected: l10n.t('only the {0} tokens of the vocabulary', size),
    found,
    remedy: l10n.t(
      'Leave them out, or let the data have a larger vocabulary ({0}), or mark them ({1}).',
      `tokenizer: tokenizers.characters({ size: ${size + pieces.length} })`,
      "unknown: 'mark'",
    ),
    field: 'data',
  });
}

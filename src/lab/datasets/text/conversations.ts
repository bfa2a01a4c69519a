/** Requests and their answers, or texts to go on with, as a language model reads them: to train it further. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { checkInteger, checkKnown, checkNumber, checkObject, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import type { InMemoryDataset, LoadContext, PlainSplit } from '../../dataset';
import type { GgufModel } from '../../models';
import { servedModels } from '../../models/serve';
import { padBefore } from '../../tokenizers/tokenizer';
import { dataMissing, stopIfCancelled, textEmpty } from '../errors';
import { readText } from './packed';

export interface ConversationsOptions {
  /**
   * A file of UTF-8, in the folder of the model file or the data folder. A line is a request, a tab, and its answer; or,
   * without a tab, a text to go on with.
   */
  readonly file: string;
  /** What the model is told before each request. Default: what it was trained with. */
  readonly system?: string;
  /** The language model's GGUF file, whose tokens they become. Default: SmolLM2. */
  readonly model?: string;
  /** Tokens in a row, a request with its answer: before shorter ones stand zeros, longer ones are refused. */
  readonly length: number;
  /** Tokens that an answer has at most, its end included. Default: as many as a row, which a file of texts needs. */
  readonly answer?: number;
  /** The share of the lines at the file's end that is for testing, between 0 and 1. Default 0.2. */
  readonly validation?: number;
}

/** A line of the file. */
export interface Conversation {
  /** '' where the line is a text. */
  readonly request: string;
  readonly answer: string;
}

/**
 * x int32 [length]; y int32 [answer], the tokens that follow the last ones of x. Of these the answer counts, or a text as a
 * whole. A position is never asked for in rotary models, only how far two are apart: zeros may come first, if nothing looks
 * at them.
 */
export interface ConversationsDataset extends InMemoryDataset {
  /** The lines themselves. @throws LabError as `load` */
  lines(
    context?: LoadContext,
  ): Promise<{ readonly train: readonly Conversation[]; readonly test: readonly Conversation[] }>;
}

/**
 * Conversations for a language model.
 *
 *   datasets.conversations({ file: 'commands.tsv', length: 48, answer: 10 })
 *
 * @throws LabError EXPERIMENT_INVALID at once; when loading DATA_MISSING, DATA_CORRUPT (also for what is no UTF-8),
 *   TEXT_EMPTY, TEXT_TOO_LONG, CANCELLED, and what `models.gguf` throws
 */
export function conversations(options: ConversationsOptions): ConversationsDataset {
  const owner = 'datasets.conversations';
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['file', 'system', 'model', 'length', 'answer', 'validation']);
  for (const [name, value] of Object.entries({ file: given['file'], model: given['model'] ?? 'x' }))
    if (typeof value !== 'string' || value === '')
      throw invalid({ field: `${owner}: ${name}`, expected: l10n.t('the name of a file'), found: value });
  const length = checkInteger(`${owner}: length`, given['length'], { min: 2 });
  const answer =
    given['answer'] === undefined ? length : checkInteger(`${owner}: answer`, given['answer'], { min: 1, max: length });
  if (given['system'] !== undefined && typeof given['system'] !== 'string')
    throw invalid({ field: `${owner}: system`, expected: l10n.t('a text'), found: given['system'] });
  const { file, system, model, validation = 0.2 } = options;
  checkNumber(`${owner}: validation`, validation, 0, 1);
  const counted = splitOf(linesNow(file), validation);
  const lines = async (context?: LoadContext): ReturnType<ConversationsDataset['lines']> => {
    const known = loadContext(context);
    stopIfCancelled(known.signal);
    const split = splitOf(linesOf(await readText(found(file, known), l10n.t('Save the file as UTF-8.'))), validation);
    for (const which of ['train', 'test'] as const)
      if (split[which].length === 0)
        throw textEmpty(`${file}, ${which}`, '', l10n.t('Write more lines into the file.'));
    return split;
  };
  return Object.freeze({
    name: path.basename(file),
    kind: 'table',
    inputShape: Object.freeze([length]),
    inputType: 'int32',
    // Tens of thousands of tokens that nobody wants to see listed in each run.
    classes: Object.freeze([]),
    targetShape: Object.freeze([answer]),
    train: Math.max(1, counted.train.length),
    test: Math.max(1, counted.test.length),
    licence: l10n.t('your own text'),
    lines,
    load: async (context) => {
      const known = loadContext(context);
      const { train, test } = await lines(known);
      const loading = l10n.t('Reading the language model into memory');
      const read = await servedModels().gguf(model, (share) => {
        known.progress(loading, share);
      });
      const rows = (all: readonly Conversation[], which: string): PlainSplit =>
        rowsOf(
          all.map((one) => tokensOf(read, one, system)),
          { length, answer },
          which === 'train' ? 1 : train.length + 1,
        );
      return { train: rows(train, 'train'), test: rows(test, 'test') };
    },
  } satisfies ConversationsDataset);
}

function found(file: string, { directories }: LoadContext): string {
  const places = [process.cwd(), ...directories].map((folder) => path.resolve(folder, file));
  const place = places.find((one) => fs.existsSync(one));
  if (place !== undefined) return place;
  const folders = [...new Set(places.map((one) => path.dirname(one)))];
  throw dataMissing(path.basename(file), file, folders, l10n.t('Put the file there, or write its whole path.'));
}

/** What the description counts; nothing where the file is elsewhere, or no text. */
function linesNow(file: string): readonly Conversation[] {
  try {
    return linesOf(fs.readFileSync(path.resolve(file), 'utf8'));
  } catch {
    return [];
  }
}

function linesOf(text: string): readonly Conversation[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (line.trim() === '') return [];
    const [first = '', ...rest] = line.split('\t');
    return rest.length === 0 ? [{ request: '', answer: first }] : [{ request: first, answer: rest.join('\t') }];
  });
}

function splitOf<T>(
  all: readonly T[],
  validation: number,
): { readonly train: readonly T[]; readonly test: readonly T[] } {
  const border = Math.round(all.length * (1 - validation));
  return { train: all.slice(0, border), test: all.slice(border) };
}

interface Row {
  readonly tokens: readonly number[];
  /** Tokens that are given: what follows them is to be learned. */
  readonly given: number;
}

/** The answer is ended as the model ends its own. */
function tokensOf(model: GgufModel, { request, answer }: Conversation, system: string | undefined): Row {
  if (request === '') return { tokens: model.encode(answer), given: 1 };
  const asked = model.encodeChat([
    ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
    { role: 'user', content: request },
  ]);
  return { tokens: [...asked, ...model.encode(`${answer}<|im_end|>`)], given: asked.length };
}

/** @param first which of the file's lines the first one is, empty ones not counted */
function rowsOf(
  rows: readonly Row[],
  sizes: { readonly length: number; readonly answer: number },
  first: number,
): PlainSplit {
  const { length, answer } = sizes;
  const [x, y] = [new Int32Array(rows.length * length), new Int32Array(rows.length * answer)];
  const mask = new Uint8Array(rows.length * answer);
  rows.forEach(({ tokens, given }, row) => {
    const line = l10n.t('Line {0}', first + row);
    const [seen, targets] = [tokens.slice(0, -1), tokens.slice(given)];
    if (targets.length === 0) throw textEmpty(line, '', l10n.t('Write at least two tokens.'));
    const end = row + 1;
    x.set(padBefore(seen, length, line), row * length);
    y.set(padBefore(targets, answer, l10n.t('{0}: the answer', line)), row * answer);
    mask.fill(1, end * answer - targets.length, end * answer);
  });
  return { length: rows.length, x, y, mask };
}

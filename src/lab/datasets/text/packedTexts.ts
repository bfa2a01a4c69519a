/** Texts of classes that set-up has divided and packed: what `datasets.reviews` and `datasets.poets` have in common. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { checkInteger } from '../../check';
import type { LoadContext } from '../../dataset';
import { dataCorrupt, labelOutOfRange } from '../errors';
import { findPacked, readText } from './packed';
import { checkTokenOptions, texts, type Labelled, type TextDataset, type TokenOptions } from './texts';

export interface PackedTextsOptions extends TokenOptions {
  /** Number of training texts, the first ones; their order is that of chance. Default: all. */
  readonly train?: number;
  /** Number of test texts, the first ones. Default: all. */
  readonly test?: number;
}

export interface Corpus {
  readonly folder: string;
  readonly name: () => string;
  readonly licence: () => string;
  /** Names of the classes in label order. */
  readonly classes: () => readonly string[];
  readonly train: number;
  readonly test: number;
}

/** @param given the options, whose names were looked at */
export function packedTexts(
  owner: string,
  corpus: Corpus,
  given: Readonly<Record<string, unknown>>,
  options: PackedTextsOptions,
): TextDataset {
  checkTokenOptions(owner, given);
  const count = (which: 'train' | 'test'): number =>
    checkInteger(`${owner}: ${which}`, given[which] ?? corpus[which], { min: 1, max: corpus[which] });
  const { tokenizer, length, longer, vectors } = options;
  const sizes = { train: count('train'), test: count('test') };
  return texts({
    name: corpus.name(),
    classes: corpus.classes(),
    licence: corpus.licence(),
    ...sizes,
    tokenizer,
    length,
    ...(longer === undefined ? {} : { longer }),
    ...(vectors === undefined ? {} : { vectors }),
    read: async (context) => ({
      train: await readSplit(corpus, 'train', sizes.train, context),
      test: await readSplit(corpus, 'test', sizes.test, context),
    }),
  });
}

async function readSplit(corpus: Corpus, which: string, count: number, context: LoadContext): Promise<Labelled> {
  const name = `${which}.tsv.gz`;
  const labels = corpus.classes().length;
  const file = path.join(findPacked(corpus.folder, name, corpus.name(), context), name);
  const lines = (await readText(file)).split('\n', count);
  const rows = lines.map((line, index) => {
    const [, label, text] = /^(\d+)\t(.*\S.*)$/u.exec(line) ?? [];
    if (label === undefined || text === undefined) {
      const expected = l10n.t('a label, a tab and a text in each line');
      throw dataCorrupt(file, expected, l10n.t('line {0}: {1}', index + 1, JSON.stringify(line.slice(0, 40))));
    }
    if (Number(label) >= labels) throw labelOutOfRange(file, index, Number(label), labels);
    return { label: Number(label), text };
  });
  if (rows.length < count) throw dataCorrupt(file, l10n.t('{0} texts', count), l10n.t('{0} texts', rows.length));
  return { texts: rows.map(({ text }) => text), labels: rows.map(({ label }) => label) };
}

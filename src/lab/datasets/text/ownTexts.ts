/** A learner's own texts of several classes: by a function, from a folder or from a table. */
import * as l10n from '@vscode/l10n';
import { checkKnown, checkObject, invalid } from '../../check';
import { checkSeed } from '../own/labelled';
import { NAMING_OPTIONS, type NamingOptions } from '../own/naming';
import type { Encoding } from '../table/encoding';
import { folderTexts } from './folderTexts';
import { tableTexts } from './tableTexts';
import { checkEncoding } from './textFile';
import { checkTokenOptions, texts as textsByFunction, TOKEN_OPTIONS } from './texts';
import type { OwnTexts, TextDataset, TextsOptions, TokenOptions } from './texts';

/** Texts in files, whose class is the subfolder in which they lie or what their names say. */
export interface TextFolder extends NamingOptions {
  /** Its files that end in .txt and .md. A relative path means the folder of the model file. */
  readonly folder: string;
  /** Default: UTF-8, UTF-16 or GBK, as the bytes of each file are. */
  readonly encoding?: Encoding;
}

/** Texts in the rows of a table. */
export interface TextTable {
  readonly csv: string;
  /** Names of the two columns. */
  readonly text: string;
  readonly label: string;
  /** Default: what the beginning of the file looks like. */
  readonly encoding?: Encoding;
  readonly separator?: string;
}

export interface OwnTextsOptions extends TokenOptions {
  readonly from: TextFolder | TextTable;
  /**
   * The share of the texts for testing, drawn at random, of each class the same; or another folder or table; or, of a folder
   * with `group`, the groups whose texts are for testing. Default 0.2.
   */
  readonly test?: number | string | readonly string[];
  /** Of the texts for testing: the same seed gives the same. Default 1. */
  readonly seed?: number;
}

/**
 * Texts of classes as rows of tokens.
 *
 *   datasets.texts({ from: { folder: 'mails' }, tokenizer: tokenizers.words({ size: 2_000 }), length: 50 })
 *   datasets.texts({ from: { csv: 'mails.csv', text: 'body', label: 'kind' }, tokenizer: …, length: 50 })
 *   datasets.texts({ name: 'Mails', classes: ['ham', 'spam'], train: 800, test: 200, read: () => ({ … }), … })
 *
 * Of a folder names alone are looked at when this is called, a table is read; texts that cannot be used are left out and named
 * when it is loaded.
 *
 * @throws LabError EXPERIMENT_INVALID at once, also for a column that is not there, DATA_MISSING, DATA_UNUSABLE for fewer than
 *   two texts, DATA_CORRUPT for a table in another encoding; when loading the same, TEXT_EMPTY, TEXT_TOO_LONG, TEXT_ENCODING,
 *   DATA_INVALID, CANCELLED and what `read` throws.
 */
export function texts(options: TextsOptions | OwnTextsOptions): TextDataset {
  const owner = 'datasets.texts';
  if (!Object.hasOwn(checkObject(owner, options), 'from')) return textsByFunction(options as TextsOptions);
  const given = checkObject(owner, options);
  checkKnown(owner, given, [...TOKEN_OPTIONS, 'from', 'test', 'seed']);
  checkTokenOptions(owner, given);
  const { tokenizer, length, longer, vectors } = options;
  const own = ownTexts(owner, given['from'], { test: given['test'] ?? 0.2, seed: checkSeed(owner, given['seed']) });
  return textsByFunction({
    ...own,
    licence: l10n.t('your own text'),
    tokenizer,
    length,
    ...(longer === undefined ? {} : { longer }),
    ...(vectors === undefined ? {} : { vectors }),
  });
}

function ownTexts(owner: string, from: unknown, split: { readonly test: unknown; readonly seed: number }): OwnTexts {
  const field = `${owner}: from`;
  const given = checkObject(field, from);
  const encoding = checkEncoding(`${field}.encoding`, given['encoding']);
  if (given['folder'] !== undefined) {
    checkKnown(field, given, ['folder', 'encoding', ...NAMING_OPTIONS]);
    return folderTexts(owner, given, { ...split, encoding });
  }
  if (given['csv'] !== undefined) {
    checkKnown(field, given, ['csv', 'text', 'label', 'encoding', 'separator']);
    return tableTexts(owner, given, { ...split, encoding });
  }
  throw invalid({ field, expected: '{ folder }, { csv, text, label }', found: from });
}

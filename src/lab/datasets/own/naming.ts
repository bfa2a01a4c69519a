/** What the name of a file says of it: its class, and who or what it belongs to. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { closest } from '../../didYouMean';
import { invalid } from '../../check';

export interface NamingOptions {
  /**
   * What names are made of, without folders, e.g. '{digit}_{speaker}_{take}.wav'. The ending may be left out. `label` and
   * `group` can be one of these parts.
   */
  readonly names?: string;
  /**
   * The class of a file: a part of `names`, or a function of its name below the folder, e.g. "a/7_theo_0.wav". Default: the
   * subfolder in which it lies.
   */
  readonly label?: string | ((name: string) => string);
  /**
   * Who or what a file belongs to, e.g. 'speaker': a part of `names`, or a function as for `label`. Those of one group are
   * all for training or all for testing.
   */
  readonly group?: string | ((name: string) => string);
}

export const NAMING_OPTIONS = ['names', 'label', 'group'];

/** @throws Error whose message says why the name says nothing */
type Ask = (name: string) => string;

export interface Naming {
  readonly label: Ask;
  readonly group: Ask | undefined;
}

/** @throws LabError EXPERIMENT_INVALID */
export function checkNaming(owner: string, { names, label, group }: Readonly<Record<string, unknown>>): Naming {
  const pattern = names === undefined ? undefined : checkPattern(`${owner}: names`, names);
  return {
    label: label === undefined ? subfolderOf : checkAsk(`${owner}: label`, label, pattern),
    group: group === undefined ? undefined : checkAsk(`${owner}: group`, group, pattern),
  };
}

function subfolderOf(name: string): string {
  const [folder = '', ...rest] = name.split('/');
  if (rest.length > 0) return folder;
  throw new Error(l10n.t('lies in no subfolder, whose name would be its class'));
}

interface Pattern {
  readonly text: string;
  readonly parts: readonly string[];
  readonly form: RegExp;
}

function checkPattern(field: string, value: unknown): Pattern {
  const pieces = typeof value === 'string' ? value.split(/\{(\w+)\}/u) : [];
  const parts = pieces.filter((_, place) => place % 2 === 1);
  if (typeof value !== 'string' || parts.length === 0 || new Set(parts).size < parts.length) {
    const expected = l10n.t('parts with names of their own in braces, e.g. {0}', "'{digit}_{speaker}_{take}.wav'");
    throw invalid({ field, expected, found: value });
  }
  // An ending that is written out is the file's; else any is allowed behind the last part.
  const ending = path.posix.extname(pieces.at(-1) ?? '') === '' ? String.raw`(?:\.\w+)?` : '';
  const form = pieces.map((piece, place) => (place % 2 === 1 ? '(.+?)' : escaped(piece))).join('');
  return { text: value, parts, form: new RegExp(`^${form}${ending}$`, 'u') };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

function checkAsk(field: string, value: unknown, pattern: Pattern | undefined): Ask {
  if (typeof value === 'function') return asked(field, value as (name: string) => unknown);
  const place = typeof value === 'string' ? (pattern?.parts.indexOf(value) ?? -1) : -1;
  if (pattern !== undefined && place >= 0) {
    return (name) => {
      const part = pattern.form.exec(path.posix.basename(name))?.[place + 1];
      if (part !== undefined) return part;
      throw new Error(l10n.t('the name is not {0}', pattern.text));
    };
  }
  const meant = typeof value === 'string' ? closest(value, pattern?.parts ?? []) : undefined;
  const parts = pattern?.parts.map((part) => `'${part}'`).join(', ');
  throw invalid({
    field,
    expected:
      parts === undefined
        ? l10n.t('a function of the name, or a part of the option "names"')
        : l10n.t('one of the parts {0}, or a function of the name', parts),
    found: value,
    ...(meant === undefined ? {} : { remedy: l10n.t("Did you mean '{0}' instead of '{1}'?", meant, String(value)) }),
  });
}

function asked(field: string, ask: (name: string) => unknown): Ask {
  return (name) => {
    const answer = ask(name);
    if (typeof answer === 'string' && answer !== '') return answer;
    if (answer === undefined || answer === null || answer === '')
      throw new Error(l10n.t('{0} gives nothing for it', field));
    throw invalid({ field, expected: l10n.t('a text for "{0}"', name), found: answer });
  };
}

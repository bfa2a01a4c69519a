import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import type { Fix } from '../protocol/fix';
import { closest } from './didYouMean';

/** What is wrong with one field of an experiment, a data set or their options. */
export interface Mistake {
  /** As the learner would write it: "epochs", "stopWhen.patience", "datasets.spirals: noise". */
  readonly field: string;
  readonly expected: string;
  readonly found: unknown;
  readonly remedy?: string;
  readonly fixes?: readonly Fix[];
}

export function invalid(mistake: Mistake): LabError {
  const { field, expected, remedy, fixes } = mistake;
  const found = describe(mistake.found);
  return new LabError({
    code: 'EXPERIMENT_INVALID',
    message: l10n.t('{0}: expected {1}, found {2}.', field, expected, found),
    expected,
    found,
    remedy: remedy ?? l10n.t('Correct {0} in your code.', field),
    field,
    ...(fixes === undefined ? {} : { fixes }),
  });
}

/** A value in words short enough for a message. */
export function describe(value: unknown): string {
  if (value === undefined) return l10n.t('nothing');
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (typeof value === 'function') {
    return value.name === '' ? l10n.t('a function') : l10n.t('the function {0}', value.name);
  }
  if (Array.isArray(value)) return l10n.t('an array of {0} items', value.length);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return value.toString();
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  const name: unknown = (value.constructor as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object'
    ? l10n.t('an object of class {0}', name)
    : l10n.t('an object');
}

export interface IntegerRange {
  readonly min: number;
  readonly max?: number;
}

export function checkInteger(field: string, value: unknown, { min, max }: IntegerRange, remedy?: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && (max === undefined || value <= max)) {
    return value;
  }
  const expected =
    max === undefined
      ? l10n.t('a whole number of at least {0}', min)
      : l10n.t('a whole number from {0} to {1}', min, max);
  throw invalid({ field, expected, found: value, ...(remedy === undefined ? {} : { remedy }) });
}

export function checkNumber(field: string, value: unknown, min: number, max = Number.POSITIVE_INFINITY): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value;
  const expected =
    max === Number.POSITIVE_INFINITY
      ? l10n.t('a number of at least {0}', min)
      : l10n.t('a number from {0} to {1}', min, max);
  throw invalid({ field, expected, found: value });
}

export function checkFinite(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid({ field, expected: l10n.t('a finite number'), found: value });
}

export function checkPositive(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw invalid({ field, expected: l10n.t('a number above 0'), found: value });
}

export function checkFlag(field: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid({ field, expected: l10n.t('true or false'), found: value });
}

export function checkObject(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid({ field, expected: l10n.t('an object'), found: value });
}

/** Names a field that nobody reads: a misspelt option would otherwise be ignored without a word. */
export function checkKnown(owner: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const meant = closest(key, known);
    throw invalid({
      field: owner,
      expected: l10n.t('only the fields {0}', known.join(', ')),
      found: key,
      remedy:
        meant === undefined ? l10n.t("Remove '{0}'.", key) : l10n.t("Did you mean '{0}' instead of '{1}'?", meant, key),
      fixes: [
        ...(meant === undefined ? [] : [{ kind: 'rename' as const, from: key, to: meant }]),
        { kind: 'argument' as const, name: key },
      ],
    });
  }
}

/** What is wrong with the numbers of a data set: which row, what was expected and found. */
import * as l10n from '@vscode/l10n';
import { LabError, type LabErrorCode } from '../protocol/errors';
import type { Numbers } from './dataset';

/** Words the errors about one data set. */
export class DataProblem {
  constructor(readonly name: string) {}

  of(field: string, expected: string, found: string, remedy: string, code: LabErrorCode = 'DATA_INVALID'): LabError {
    const message = l10n.t('Data set "{0}": {1}: expected {2}, found {3}.', this.name, field, expected, found);
    return new LabError({ code, message, expected, found, remedy, field: 'data' });
  }

  notFinite(field: string, value: number, index: number, width: number): LabError {
    const row = Math.floor(index / width);
    const found =
      width === 1
        ? l10n.t('{0} in row {1}', String(value), row)
        : l10n.t('{0} in row {1}, number {2} of the row', String(value), row, index % width);
    const remedy = l10n.t(
      'Rows count from 0. A hole in a table becomes NaN: leave such rows out, or fill them, for example with the mean of the column.',
    );
    return this.of(field, l10n.t('finite numbers'), found, remedy, 'DATA_NOT_FINITE');
  }

  label(field: string, label: number, row: number, classes: number, labels: Numbers): LabError {
    let [least, most] = [label, label];
    for (const other of labels) {
      least = Math.min(least, other);
      most = Math.max(most, other);
    }
    const expected = l10n.t('labels 0 to {0}, one for each of {1} classes', classes - 1, classes);
    const found = l10n.t('label {0} in row {1} (all labels lie from {2} to {3})', label, row, least, most);
    return this.of(field, expected, found, labelRemedy(least, most, classes), 'DATA_LABEL_RANGE');
  }
}

function labelRemedy(least: number, most: number, classes: number): string {
  if (least === 1 && most === classes) return l10n.t('Labels count from 0: take 1 from each.');
  if (classes === 2 && least === -1 && most === 1) {
    return l10n.t(
      'Write 0 in place of -1. A loss that wants -1 and 1 takes them as numbers: classes: [] and targetShape: [1].',
    );
  }
  return l10n.t('Labels are places in "classes", counted from 0: correct the labels, or name all classes.');
}

/** The index of the first NaN or infinity, or -1. */
export function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    // Zero for every number, NaN for what is none.
    if (value - value !== 0) return i;
  }
  return -1;
}

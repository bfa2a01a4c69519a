/** What is wrong with what a cell calls the lab's functions with. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { describe } from '../../../lab/check';
import { LabError } from '../../../protocol/errors';

export interface Mistake {
  /** As the learner would write it: "input.slider: min". */
  readonly field: string;
  readonly expected: string;
  readonly found: unknown;
  readonly remedy?: string;
}

export function wrongArgument({ field, expected, found, remedy }: Mistake): LabError {
  const what = describe(found);
  return new LabError({
    code: 'CELL_ARGUMENT',
    message: l10n.t('{0}: expected {1}, found {2}.', field, expected, what),
    field,
    expected,
    found: what,
    remedy: remedy ?? l10n.t('Correct {0} in the cell.', field),
  });
}

export function checkText(field: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw wrongArgument({ field, expected: l10n.t('a text'), found: value });
}

export function checkNumber(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrongArgument({ field, expected: l10n.t('a number'), found: value });
}

export function checkCount(field: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  throw wrongArgument({ field, expected: l10n.t('a whole number of at least {0}', least), found: value });
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

export function checkTensor(field: string, value: unknown): tf.Tensor {
  if (!isTensor(value)) throw wrongArgument({ field, expected: l10n.t('a tensor'), found: value });
  if (!value.isDisposed) return value;
  throw wrongArgument({
    field,
    expected: l10n.t('a tensor that has not been disposed'),
    found: value,
    remedy: l10n.t('Run the cell that makes it again.'),
  });
}

/** What the colours of a strip are, and what is said of them. Needs no browser. */
import * as l10n from '@vscode/l10n';
import { count } from '../../../../src/words/numbers';
import { mix, type Rgb } from '../../theme/color';
import type { Theme } from '../../theme/theme';
import { digits } from './digits';

/** -1 … 1 to a colour; what is no number is the foreground. */
export function diverging(value: number, { series, background, foreground }: Theme): Rgb {
  if (!Number.isFinite(value)) return foreground;
  const hue = (value < 0 ? series[1] : series[0]) ?? foreground;
  // The root lets small values be seen beside a large one.
  return mix(hue, background, Math.sqrt(Math.min(1, Math.abs(value))));
}

/** Which elements of how many are seen, and what their colours mean. `largest` is the largest finite magnitude. */
export function coloursText(values: Float32Array, largest: number, size: number): string {
  const shown =
    values.length < size ? l10n.t('{0} of {1} elements', count(values.length), count(size)) : l10n.t('all elements');
  if (largest > 0) return l10n.t('{0}; colours from −{1} over 0 to {1}', shown, digits(largest));
  return values.every((value) => value === 0)
    ? l10n.t('{0}; all zero', shown)
    : l10n.t('{0}; not all of them finite, and no other number than zero', shown);
}

/** Figures as a terminal shows them. */
import * as l10n from '@vscode/l10n';
import type { Metrics, Point } from '../../protocol/run';

/** The customary order; whatever else an experiment measures follows. */
const ORDER = ['loss', 'accuracy', 'val_loss', 'val_accuracy'];

/** e.g. "loss 0.4821  accuracy 0.8310  val_loss 0.4402  val_accuracy 0.8450" */
export function formatMetrics(values: Metrics, separator = '  '): string {
  const names = Object.keys(values);
  const sorted = [...ORDER.filter((name) => names.includes(name)), ...names.filter((name) => !ORDER.includes(name))];
  return sorted.map((name) => `${name} ${formatValue(values[name] ?? NaN)}`).join(separator);
}

function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(3) : value.toFixed(4);
}

/** e.g. "41 s", "3 min 05 s", "2 h 10 min" */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${String(Math.floor(whole / 60))} min ${two(whole % 60)} s`;
  return `${String(Math.floor(whole / 3600))} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

export function formatTimeLeft(seconds: number | null): string {
  return seconds === null ? '' : l10n.t('{0} left', formatSeconds(seconds));
}

/** After `point`, at the pace so far; null where nobody knows how many steps there are. */
export function secondsLeft({ step, time }: Point, totalSteps: number): number | null {
  return totalSteps === 0 ? null : Math.max(0, totalSteps - step) * (time / step);
}

/** `fraction` in 0..1. */
export function bar(fraction: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** In which order metrics are told, and which says most. */
import type { Metrics } from '../protocol/run';
import { figure } from './numbers';

/** The customary order; whatever else an experiment measures follows. */
const ORDER = ['loss', 'accuracy', 'val_loss', 'val_accuracy'];

/** Accuracy before loss, validation before training. */
const TELLING = ['val_accuracy', 'accuracy', 'val_loss', 'loss'];

export function inOrder(series: readonly string[]): string[] {
  return [...ORDER.filter((name) => series.includes(name)), ...series.filter((name) => !ORDER.includes(name))];
}

/** The figure that says most about a run. */
export function headline(latest: Metrics): { readonly series: string; readonly value: number } | undefined {
  for (const series of [...TELLING, ...Object.keys(latest)]) {
    const value = latest[series];
    if (value !== undefined) return { series, value };
  }
  return undefined;
}

/** e.g. "loss 0.4821  accuracy 0.8310  val_loss 0.4402  val_accuracy 0.8450" */
export function metricsText(values: Metrics, separator = '  '): string {
  return inOrder(Object.keys(values))
    .map((name) => `${name} ${figure(values[name])}`)
    .join(separator);
}

/** A short name for an earlier run, and what made it different. */
import * as l10n from '@vscode/l10n';
import type { RunRecord } from '../../../src/protocol/run';
import { figure, learningRateText, moment } from './format';

export function runName(record: RunRecord): string {
  return moment(record.createdAt);
}

/** e.g. "adam 0.001", "batch 64", "val_loss 0.2871" */
export function runFacts({ config, latest }: RunRecord): string[] {
  const metric = ['val_accuracy', 'val_loss', 'accuracy', 'loss'].find((name) => name in latest);
  return [
    ...(config === undefined
      ? []
      : [`${config.optimizer} ${learningRateText(config.learningRate)}`, l10n.t('batch {0}', config.batchSize)]),
    ...(metric === undefined ? [] : [`${metric} ${figure(latest[metric] ?? NaN)}`]),
  ];
}

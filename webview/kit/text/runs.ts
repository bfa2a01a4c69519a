/** A short name for an earlier run, and what made it different. */
import * as l10n from '@vscode/l10n';
import type { RunRecord } from '../../../src/protocol/run';
import { headline } from '../../../src/words/metrics';
import { figure, short } from '../../../src/words/numbers';
import { moment } from '../../../src/words/times';

export function runName(record: RunRecord): string {
  return moment(record.createdAt);
}

/** e.g. "adam 0.001", "batch 64", "val_loss 0.2871" */
export function runFacts({ config, latest }: RunRecord): string[] {
  const best = headline(latest);
  return [
    ...(config === undefined
      ? []
      : [`${config.optimizer} ${short(config.learningRate)}`, l10n.t('batch {0}', config.batchSize)]),
    ...(best === undefined ? [] : [`${best.series} ${figure(best.value)}`]),
  ];
}

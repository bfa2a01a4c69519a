/** Whether a training fits into memory, before its first step: a process that is ended for it tells nobody what to change. */
import * as l10n from '@vscode/l10n';
import type { Rows } from '../../learning/training/batches';
import { memoryOfSteps } from '../../learning/training/memory';
import { seedOf, type Training } from '../../learning/training/training';
import type { Experiment } from '../../lab/experiment';
import { LabError } from '../../protocol/errors';
import { log } from '../log';
import { MB, memoryLeftMB } from '../memory';

/** Below so many bytes of weights a training is begun unasked: what it takes is found by running it on a few rows. */
const LARGE = 64 * MB;
/** What TensorFlow takes beside the tensors: scratch space of its kernels, the compiled graph. */
const BESIDE = 1.25;
/** So much of what is left is advised to be used. */
const SURE = 0.9;

/** @throws LabError TRAINING_MEMORY, what the learner's code throws */
export async function requireTrainingMemory(
  experiment: Experiment,
  { built, reference }: Training,
  rows: Rows,
  limitMB: number,
): Promise<void> {
  const models = [built, ...(reference === undefined ? [] : [reference.built])];
  if (models.every(({ learner }) => learner.weightBytes < LARGE)) return;
  const left = memoryLeftMB(limitMB);
  const each: ((batch: number) => number)[] = [];
  for (const model of models) each.push(await memoryOfSteps(model, rows, seedOf(experiment)));
  const needs = (batch: number): number =>
    Math.ceil((BESIDE * each.reduce((sum, bytes) => sum + bytes(batch), 0)) / MB);
  const batchSize = Math.min(experiment.batchSize, rows.length);
  const needed = needs(batchSize);
  log('memory', `a step on ${batchSize} rows takes about ${needed} MB, ${left} MB are left`);
  if (needed > left)
    throw tooLittle(needed, left, { batchSize, fits: largest(batchSize, (n) => needs(n) < left * SURE) });
}

/** The largest number from 1 on and below `most` for which it holds, for it also holds for all smaller ones; 0: none. */
function largest(most: number, holds: (value: number) => boolean): number {
  let [fits, over] = [0, most];
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2);
    if (holds(middle)) fits = middle;
    else over = middle;
  }
  return fits;
}

function tooLittle(needed: number, left: number, { batchSize, fits }: Record<'batchSize' | 'fits', number>): LabError {
  const [expected, found] = [l10n.t('about {0} MB of memory', needed), l10n.t('{0} MB', Math.max(0, left))];
  return new LabError({
    code: 'TRAINING_MEMORY',
    message: l10n.t(
      'A step on {0} rows does not fit into memory: it needs {1}, and there are {2}.',
      batchSize,
      expected,
      found,
    ),
    expected,
    found,
    field: 'batchSize',
    remedy:
      fits >= 1
        ? l10n.t(
            'Set "batchSize" to {0} or less, take shorter rows, close other programs, or raise the limit in the settings.',
            fits,
          )
        : l10n.t(
            'Take shorter rows or a smaller model, close other programs and kernels, or raise the limit in the settings.',
          ),
  });
}

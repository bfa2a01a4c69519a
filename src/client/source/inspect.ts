/** Has a model built in a process of its own, which is ended when it does not answer: whatever a model file does. */
import * as l10n from '@vscode/l10n';
import type { LabErrorData } from '../../protocol/errors';
import type { InspectModel, ModelInspection } from '../../protocol/modelInspection';
import type { Worker } from '../processes/worker';

/** Building a model takes milliseconds; one that takes so long does not end, or does what belongs into the training. */
const LIMIT_SECONDS = 5;
/** Until the trainer's compiler has started; as WebAssembly, beside a training, that takes longer than the file. */
const COMPILER_SECONDS = 60;

/**
 * What is wrong with the model file, not ending included, is part of the answer.
 * @param worker Of the role 'inspection'.
 * @throws LabError when no process can be started: TRAINER_START, ENGINE_…, CANCELLED after the worker's end
 */
export async function inspectModel(
  worker: Worker,
  request: InspectModel,
  seconds = LIMIT_SECONDS,
): Promise<ModelInspection> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await worker.run({ seconds: COMPILER_SECONDS }, async (trainer, postpone) => {
      const loading = trainer.on('model/loading', ({ modelFile }) => {
        if (modelFile === request.modelFile) postpone(seconds);
      });
      try {
        return await trainer.request('model/inspect', request);
      } finally {
        loading.dispose();
      }
    });
    if (outcome.kind === 'done') return outcome.value;
    if (outcome.kind === 'late') return failed(endless(outcome.seconds));
    // Another window may have ended it, for a model file of its own.
    if (attempt > 1) return failed(outcome.death);
  }
}

const failed = (error: LabErrorData): ModelInspection => ({
  layers: [],
  problems: [{ severity: 'error', error, related: [] }],
});

function endless(seconds: number): LabErrorData {
  return {
    code: 'MODEL_TIMEOUT',
    message: l10n.t('The model file did not finish within {0} s.', seconds),
    remedy: l10n.t('Look for a loop that never ends. Work on data belongs into the data set, not into the model file.'),
  };
}

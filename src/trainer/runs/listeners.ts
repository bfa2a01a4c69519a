/** Who listens to the training of a run: its journal with the checkpoints, and the pictures of the model's inside. */
import { checkpointsFolder } from '../../runFolder/layout';
import { performance } from 'node:perf_hooks';
import type { Splits } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import { createPictureMakers } from '../../learning/pictures/create';
import type { PictureMaker } from '../../learning/pictures/maker';
import type { TrainingListener } from '../../learning/training/listener';
import type { Training } from '../../learning/training/training';
import { withSummary } from '../../words/pictures';
import type { PictureData } from '../../protocol/pictures';
import { ConversationMaker } from '../chat/conversation';
import { log } from '../log';
import { describeExecution, executionOf } from '../wording/execution';
import { faultText } from '../wording/faults';
import { Checkpoints } from './checkpoints';
import type { Journal } from './journal';

/** Puts everything on disk, in the order in which it happens. */
export function recording(journal: Journal, training: Training): TrainingListener {
  const { folder } = journal;
  const checkpoints = new Checkpoints(checkpointsFolder(folder.path));
  return {
    point: (point) => {
      journal.point(point);
    },
    progress: (progress) => {
      journal.progress(progress);
    },
    epochEnd: (state, values) => {
      // A checkpoint says how many points precede it: they have to be on disk, and the weights current.
      journal.flush();
      training.sync();
      const loss = values['val_loss'] ?? values['loss'] ?? Number.NaN;
      folder.guarded(() => {
        const { referenceEnd } = journal.current;
        const whole = { ...state, points: journal.points, ...(referenceEnd === undefined ? {} : { referenceEnd }) };
        checkpoints.save(whole, loss, training.built, training.reference?.built);
      });
      journal.update({ checkpoints: checkpoints.names });
      checkpoints.prune();
    },
    restored: (epoch) => {
      journal.update({ restoredEpoch: epoch });
    },
    executed: (state, model) => {
      if (state.kind === 'recording') return;
      const isOwn = model === 'own';
      // The record keeps how the first batch size runs: what compiling it cost, or why it is not compiled.
      if (isOwn && state.kind === 'compiled' && journal.current.execution !== undefined) return;
      log('compile', `${isOwn ? '' : 'compareWith: '}${describeExecution(state)}`);
      if (isOwn) journal.update({ execution: executionOf(state) });
    },
    referenceEnded: ({ step, fault }) => {
      journal.update({ referenceEnd: { step, message: faultText(fault) } });
    },
  };
}

/** Pictures as often as the journal tells news. */
export function pictures(
  journal: Journal,
  experiment: Experiment,
  { test, tokenizer }: Splits,
  { built, executor }: Training,
  isWatched: () => boolean,
): readonly PictureMaker[] {
  const chat = 'chat' in experiment ? experiment.chat : undefined;
  const emit = (picture: PictureData): void => {
    journal.picture(withSummary(picture));
  };
  const now = (): number => performance.now();
  const { learner } = built;
  const makers = createPictureMakers({
    experiment,
    executor,
    learner,
    test,
    tokenizer,
    fromLogits: built.fromLogits,
    now,
    isNewsDue: () => journal.isNewsDue,
    isWatched,
    emit,
    failed: (kind, error) => {
      log('picture', `${kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
  });
  return chat === undefined ? makers : [...makers, new ConversationMaker({ chat, executor, learner, now, emit })];
}

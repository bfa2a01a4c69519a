/** Puts a training together: model, executor, loop, makers, checkpoints; and ties what happens to the journal. */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Split } from '../../lab/dataset';
import type { EndReason } from '../../protocol/run';
import type { StartRun } from '../../protocol/trainer';
import { createPictureMakers } from '../../learning/pictures/create';
import { log } from '../log';
import type { LoadedModelFile } from '../modelFile/load';
import { build, type Built } from '../../learning/training/build';
import { readCheckpoint, type CheckpointState } from '../../learning/training/checkpoint';
import type { Control } from '../../learning/training/control';
import { Executor, type ExecutorOptions } from '../../learning/training/executor';
import { TrainingLoop, type LoopEvents } from '../../learning/training/loop';
import { nonFiniteLoss } from '../../learning/training/nonFinite';
import { disposeOptimizer } from '../../learning/training/optimizer';
import { Randomness } from '../../learning/training/randomness';
import type { Reference } from '../../learning/training/reference';
import { Checkpoints } from './checkpoints';
import { DEFAULT_SEED, runConfig } from './config';
import { noteExecution } from './execution';
import type { Journal } from './journal';
import { makeReference, resumeReference } from './reference';
import { studySizes } from './sizes';

/** How every training of a run is done. */
interface Settings extends ExecutorOptions {
  readonly epochs: number;
}

interface Data {
  readonly train: Split;
  readonly test: Split;
}

/** The training, and what the experiment asks for after it. A stop in the latter leaves the training complete. */
export async function train(
  loaded: LoadedModelFile,
  data: Data,
  request: StartRun,
  journal: Journal,
  control: Control,
): Promise<EndReason> {
  const { experiment } = loaded;
  const settings = {
    seed: experiment.seed ?? DEFAULT_SEED,
    compile: request.overrides?.compile ?? true,
    epochs: request.overrides?.epochs ?? experiment.epochs,
  };
  const reason = await trainModels(loaded, data, settings, request, journal, control);
  if (control.stopped === undefined) await studySizes(experiment, data, { ...settings, control }, journal);
  return reason;
}

async function trainModels(
  loaded: LoadedModelFile,
  data: Data,
  { epochs, seed, compile }: Settings,
  request: StartRun,
  journal: Journal,
  control: Control,
): Promise<EndReason> {
  const { experiment } = loaded;
  const randomness = new Randomness(seed);
  const built = randomness.during(() => build(experiment));
  const executor = new Executor(built.learner, built.optimizer, { seed, compile }, (state) => {
    noteExecution(state, journal);
  });
  let reference: Reference | undefined;
  try {
    reference = makeReference(experiment, built, { seed, compile }, journal);
    const resumed = restore(request, built, reference);
    const loop = new TrainingLoop(
      executor,
      built.optimizer,
      data,
      {
        epochs,
        batchSize: experiment.batchSize,
        stopWhen: experiment.stopWhen,
        shape: { inputShape: experiment.data.inputShape, targetShape: experiment.data.targetShape },
      },
      randomness,
      control,
      loopEvents(loaded, data.test, { built, executor, reference }, journal),
      () => performance.now(),
      resumed,
      reference,
    );
    const compared = reference && { label: experiment.compareWith?.label ?? '', built: reference.built };
    const config = runConfig(experiment, built, data, epochs, compared);
    journal.update({ state: 'training', config, progress: loop.progress });
    if (resumed !== undefined && reference !== undefined) resumeReference(reference, resumed, journal);
    return await loop.run();
  } finally {
    reference?.dispose();
    executor.dispose();
    built.learner.dispose();
    disposeOptimizer(built.optimizer);
  }
}

function restore({ resumeFrom }: StartRun, built: Built, reference?: Reference): CheckpointState | undefined {
  if (resumeFrom === undefined) return undefined;
  const folder = path.join(resumeFrom.runFolder, 'checkpoints', resumeFrom.checkpoint);
  return readCheckpoint(folder, built, reference?.built);
}

/** What is trained. */
interface Parts {
  readonly built: Built;
  readonly executor: Executor;
  readonly reference: Reference | undefined;
}

function loopEvents(
  loaded: LoadedModelFile,
  test: Split,
  { built, executor, reference }: Parts,
  journal: Journal,
): LoopEvents {
  const { folder } = journal;
  const checkpoints = new Checkpoints(path.join(folder.path, 'checkpoints'));
  const makers = createPictureMakers({
    experiment: loaded.experiment,
    executor,
    learner: built.learner,
    test,
    fromLogits: built.fromLogits,
    now: () => performance.now(),
    isNewsDue: () => journal.isNewsDue,
    emit: (picture) => {
      journal.picture(picture);
    },
    failed: (kind, error) => {
      log('picture', `${kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
  });
  return {
    begin: (step, epoch) => {
      for (const maker of makers) maker.begin?.(step, epoch);
    },
    paused: (step, epoch) => {
      for (const maker of makers) maker.paused?.(step, epoch);
    },
    end: (step, epoch) => {
      for (const maker of makers) maker.end?.(step, epoch);
    },
    point: (point) => {
      journal.point(point);
    },
    progress: (progress) => {
      journal.progress(progress);
    },
    stepEnd: (step, epoch) => {
      for (const maker of makers) maker.stepEnd?.(step, epoch);
    },
    testOutput: (output, firstRow) => {
      for (const maker of makers) maker.testOutput?.(output, firstRow);
    },
    epochEnd: (state, values) => {
      for (const maker of makers) maker.epochEnd?.(state.step, state.epoch);
      // A checkpoint says how many points precede it: they have to be on disk, and the weights current.
      journal.flush();
      executor.sync();
      reference?.sync();
      const loss = values['val_loss'] ?? values['loss'] ?? Number.NaN;
      folder.guarded(() => {
        checkpoints.save({ ...state, points: journal.points }, loss, built, reference?.built);
      });
      journal.update({ checkpoints: checkpoints.names });
      checkpoints.prune();
    },
    nonFinite: (step, loss, origin, rate) => {
      const place = origin.layer === undefined ? undefined : loaded.layerLocation(origin.layer);
      return nonFiniteLoss(step, loss, origin, rate, place);
    },
  };
}

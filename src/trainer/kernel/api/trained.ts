/** A training that has ended, as a cell has it: its weights live on with it. */
import type * as tf from '@tensorflow/tfjs';
import type { TrainedRun } from '../../../lab/cells';
import { display } from '../../../lab/cells/display';
import type { Experiment } from '../../../lab/experiment';
import type { Data, Training } from '../../../learning/training/training';
import type { RunRecord } from '../../../protocol/run';

export class Trained implements TrainedRun {
  readonly id: string;
  readonly title: string;
  readonly state: TrainedRun['state'];
  readonly epochs: number;
  readonly seconds: number;
  readonly model?: tf.LayersModel;
  readonly weights: TrainedRun['weights'];

  constructor(
    readonly experiment: Experiment,
    readonly data: Data,
    readonly training: Training,
    readonly history: TrainedRun['history'],
    { id, title, state, progress }: RunRecord,
  ) {
    this.id = id;
    this.title = title;
    this.state = state === 'stopped' ? 'stopped' : 'finished';
    this.epochs = history['loss']?.length ?? progress.epoch;
    this.seconds = progress.seconds;
    const { model, weights } = training.built.learner;
    this.weights = Object.fromEntries(weights.map(({ name, tensor }) => [name, tensor]));
    if (model !== undefined) this.model = model;
    // A tree or a spread of a run shows what it is, not what it holds.
    for (const own of ['experiment', 'data', 'training', 'weights'] as const)
      Object.defineProperty(this, own, { enumerable: false });
    whenUnused.register(this, training);
  }

  /** Its curves stand under the cell already. */
  [display](): undefined {
    return undefined;
  }
}

/** Nobody can use its weights any more. */
const whenUnused = new FinalizationRegistry<Training>((training) => {
  training.dispose();
});

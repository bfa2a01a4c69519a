/** The learning rate of one optimizer over a training: its schedule, and what the user made of it. */
import type * as tf from '@tensorflow/tfjs';
import { rulesOf } from '../../lab/optimizers/rules';
import { isPlateau, type PlateauSchedule } from '../../lab/schedules/schedule';
import type { Metrics } from '../../protocol/run';
import { LearningError } from '../errors';
import { learningRate, setLearningRate } from './optimizer';

export interface RateState {
  /** What the user's rate was of the scheduled one. */
  readonly scale: number;
  readonly plateau?: PlateauState;
}

interface PlateauState {
  readonly rate: number;
  /** null: none yet. */
  readonly best: number | null;
  readonly wait: number;
  readonly cooldown: number;
}

export class LearningRate {
  private scale = 1;
  private plateau: PlateauState | undefined;
  private readonly schedule;
  private readonly batchesPerUpdate: number;

  constructor(private readonly optimizer: tf.Optimizer) {
    const { schedule, accumulationSteps = 1 } = rulesOf(optimizer) ?? {};
    this.schedule = schedule;
    this.batchesPerUpdate = accumulationSteps;
    if (schedule !== undefined && isPlateau(schedule)) {
      this.plateau = { rate: schedule.learningRate, best: null, wait: 0, cooldown: 0 };
    }
  }

  get current(): number {
    return learningRate(this.optimizer) ?? 0;
  }

  /** Sets the rate of the next step. @param step batches done. @throws LearningError LEARNING_RATE */
  beforeStep(step: number): void {
    const scheduled = this.scheduled(step);
    if (scheduled !== undefined) setLearningRate(this.optimizer, scheduled * this.scale);
  }

  /** The user wants this rate now: a schedule goes on from there, in proportion. @param step batches done */
  change(rate: number, step: number): void {
    const scheduled = this.scheduled(step);
    if (scheduled === undefined) setLearningRate(this.optimizer, rate);
    else if (scheduled > 0) this.scale = rate / scheduled;
    this.beforeStep(step);
  }

  afterEpoch(values: Metrics): void {
    if (this.plateau === undefined || this.schedule === undefined || !isPlateau(this.schedule)) return;
    this.plateau = afterEpoch(this.plateau, values['val_loss'] ?? values['loss'] ?? Number.NaN, this.schedule);
  }

  state(): RateState {
    const { scale, plateau } = this;
    return { scale, ...(plateau === undefined ? {} : { plateau }) };
  }

  restore({ scale, plateau }: RateState): void {
    this.scale = scale;
    if (plateau !== undefined && this.plateau !== undefined) this.plateau = plateau;
  }

  private scheduled(step: number): number | undefined {
    const { schedule, plateau } = this;
    if (schedule === undefined) return undefined;
    if (isPlateau(schedule)) return plateau?.rate;
    const updates = Math.floor(step / this.batchesPerUpdate);
    const rate: unknown = schedule.at(updates);
    if (typeof rate === 'number' && Number.isFinite(rate) && rate >= 0) return rate;
    throw new LearningError({ code: 'LEARNING_RATE', schedule: schedule.name, step: updates, rate });
  }
}

/** As Keras' ReduceLROnPlateau after an epoch. */
function afterEpoch(
  { rate, best, wait, cooldown }: PlateauState,
  loss: number,
  { factor, patience, minDelta, cooldown: pause, minLearningRate }: PlateauSchedule,
): PlateauState {
  const left = Math.max(0, cooldown - 1);
  const waited = cooldown > 0 ? 0 : wait;
  if (best === null || loss < best - minDelta) return { rate, best: loss, wait: 0, cooldown: left };
  if (left > 0) return { rate, best, wait: waited, cooldown: left };
  if (waited + 1 < patience) return { rate, best, wait: waited + 1, cooldown: left };
  return { rate: Math.max(rate * factor, minLearningRate), best, wait: 0, cooldown: pause };
}

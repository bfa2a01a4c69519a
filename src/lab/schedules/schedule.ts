/**
 * A learning rate that changes while a model trains. It is told how many optimizer updates came before the next one, from
 * 0, and gives that update's rate; the same in eager and compiled steps, because the rate is an input of the graph.
 */
export interface StepSchedule {
  /** For the record: "cosine", "warmUp(cosine)". */
  readonly name: string;
  /** @param step updates done, from 0 @returns a finite rate of at least 0; it may depend on nothing else */
  readonly at: (step: number) => number;
}

/** A learning rate that falls when `val_loss` (`loss`, where nothing is validated) has stopped falling. */
export interface PlateauSchedule {
  readonly name: 'reduceOnPlateau';
  readonly learningRate: number;
  readonly factor: number;
  /** In epochs. */
  readonly patience: number;
  readonly minDelta: number;
  readonly cooldown: number;
  readonly minLearningRate: number;
}

export type Schedule = StepSchedule | PlateauSchedule;

export function isPlateau(schedule: Schedule): schedule is PlateauSchedule {
  return schedule.name === 'reduceOnPlateau';
}

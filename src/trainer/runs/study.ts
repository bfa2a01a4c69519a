/** What the studies after a training share: how they are steered, and how they say how far they are. */
import { performance } from 'node:perf_hooks';
import type { LoopControl } from '../../learning/training/loop';
import type { Journal } from './journal';

/** Clients hear of progress at most this often. */
const INTERVAL_MS = 200;

/** Pause and stop are heard; the slider belongs to the training that is over. */
export function steeredBy(control: LoopControl): LoopControl {
  return {
    get isPaused() {
      return control.isPaused;
    },
    get stopped() {
      return control.stopped;
    },
    takeLearningRate: () => undefined,
    mayStep: () => control.mayStep(),
    end: () => undefined,
  };
}

/** Says what is trained now, and how much of all is done. */
export class StudyProgress {
  private done = 0;
  private text = '';
  private told = 0;

  /** @param total what all steps cost together */
  constructor(
    private readonly total: number,
    private readonly journal: Journal,
  ) {
    // The time left was that of the training.
    journal.update({ progress: { ...journal.current.progress, secondsLeft: null } });
  }

  begin(text: string): void {
    this.text = text;
    this.tell();
  }

  step(cost = 1): void {
    this.done += cost;
    if (performance.now() - this.told >= INTERVAL_MS) this.tell();
  }

  private tell(): void {
    this.told = performance.now();
    this.journal.activity(this.text, this.done / this.total);
  }
}

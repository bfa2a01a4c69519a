/** Ends a run before its last epoch when the experiment's `stopWhen` says so. */
import type { StopWhen } from '../../lab/experiment';
import type { Metrics } from '../../protocol/run';

export class Stopping {
  private best = Number.POSITIVE_INFINITY;
  private epochsWithoutImprovement = 0;

  constructor(private readonly when: StopWhen | undefined) {}

  /** Looks at an epoch's values; the reason to stop, if there is one. */
  afterEpoch(values: Metrics): 'targetReached' | 'noImprovement' | undefined {
    if (this.reached(values)) return 'targetReached';
    const loss = values['val_loss'];
    if (loss !== undefined && loss < this.best) {
      this.best = loss;
      this.epochsWithoutImprovement = 0;
    } else {
      this.epochsWithoutImprovement++;
    }
    const patience = this.when?.patience;
    return patience !== undefined && this.epochsWithoutImprovement >= patience ? 'noImprovement' : undefined;
  }

  state(): { readonly best: number | null; readonly epochsWithoutImprovement: number } {
    return {
      best: Number.isFinite(this.best) ? this.best : null,
      epochsWithoutImprovement: this.epochsWithoutImprovement,
    };
  }

  restore(state: ReturnType<Stopping['state']>): void {
    this.best = state.best ?? Number.POSITIVE_INFINITY;
    this.epochsWithoutImprovement = state.epochsWithoutImprovement;
  }

  private reached(values: Metrics): boolean {
    const target = this.when?.target;
    if (target === undefined) return false;
    const value = values[target.metric];
    if (value === undefined) return false;
    return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
  }
}

import type { Moment, PictureContext, PictureMaker } from './maker';
import { Pace } from './pace';

/**
 * A picture that is drawn whenever whoever looks has time, once a step at most; when it is drawn between, its maker says,
 * by `showIfDue` or `show`. What it costs is bounded by `Pace`.
 */
export abstract class PacedMaker<
  C extends Pick<PictureContext, 'now' | 'isNewsDue' | 'isWatched'> = PictureContext,
> implements PictureMaker {
  protected readonly pace: Pace;
  private drawn: number | undefined;

  /** @param share of the time while it trains that it may take: one in so many */
  constructor(
    protected readonly context: C,
    share?: number,
  ) {
    this.pace = new Pace(context.now, share);
  }

  begin(step: number, epoch: number): void {
    this.show({ step, epoch });
  }

  paused(step: number, epoch: number): void {
    this.show({ step, epoch });
  }

  end(step: number, epoch: number): void {
    this.show({ step, epoch });
  }

  /** While it trains: as often as its pace allows, when whoever watches is told of the curves, too. */
  protected showIfDue(step: number, epoch: number): void {
    const { isNewsDue, isWatched } = this.context;
    if (this.pace.isDue && isNewsDue() && isWatched()) this.show({ step, epoch }, true);
  }

  /** @param isHurried the training waits for it, and nobody else */
  protected show(moment: Moment, isHurried = false): void {
    if (moment.step === this.drawn) return;
    this.drawAt(moment.step, () => {
      this.draw(moment, isHurried);
    });
  }

  /** Draws in any case, and nothing more of this step unasked. */
  protected drawAt(step: number, work: () => void): void {
    this.drawn = step;
    this.pace.draw(work);
  }

  protected abstract draw(moment: Moment, isHurried: boolean): void;
}

/**
 * Follows a run from its beginning, however late one comes: subscribe, then read what is on disk, then apply what
 * came in between. A point is on disk before it is notified, so every point arrives exactly once and in order: whoever
 * is told by this need not look for repetitions; and points that are notified while the disk is read need not be kept.
 */
import type { Picture } from '../../protocol/pictures';
import { ACTIVE_STATES, type Point, type RunRecord } from '../../protocol/run';
import type { TrainerConnection } from '../processes/connection';
import { readPictures } from '../../runFolder/pictures';
import { PointReader } from '../../runFolder/points';
import { readRun } from '../../runFolder/runs';

export interface RunObserver {
  record(record: RunRecord): void;
  /** `from` is the index of the first point. */
  points(from: number, points: readonly Point[]): void;
  /** What is on disk is read on when this has resolved: a long history is not held as a whole. */
  ready?(): Promise<void>;
  picture(picture: Picture): void;
  activity?(text: string, fraction: number | null): void;
  output?(stream: 'stdout' | 'stderr', text: string): void;
}

export interface Following {
  /** Resolves when the snapshot has been delivered; rejects when the folder cannot be read. */
  readonly ready: Promise<void>;
  dispose(): void;
}

/** @param from index of the first point that the observer does not have yet */
export function followRun(
  trainer: TrainerConnection | undefined,
  runFolder: string,
  observer: RunObserver,
  from = 0,
): Following {
  const follower = new Follower(runFolder, observer, from, trainer);
  const subscriptions = trainer === undefined ? [] : follower.subscribe(trainer);
  return {
    ready: follower.catchUp(),
    dispose: () => {
      follower.stop();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

class Follower {
  private readonly early: (() => void)[] = [];
  private caughtUp = false;
  private stopped = false;
  private reading: Promise<void> | undefined;
  /** How often points were notified that the disk is to be read for. */
  private heard = 0;
  private runId: string | undefined;
  private readonly disk: PointReader;

  constructor(
    private readonly folder: string,
    private readonly observer: RunObserver,
    /** Index of the next point to deliver. */
    private next: number,
    private readonly trainer: TrainerConnection | undefined,
  ) {
    this.disk = new PointReader(folder);
  }

  subscribe(trainer: TrainerConnection): { dispose(): void }[] {
    const mine = (runId: string): boolean => runId === this.runId;
    return [
      trainer.on('run/changed', ({ record, runFolder }) => {
        if (runFolder === this.folder)
          this.deliver(() => {
            this.observer.record(record);
          });
      }),
      trainer.on('run/points', ({ runId, from, points }) => {
        if (!this.caughtUp || this.reading !== undefined) this.heard++;
        else if (mine(runId)) this.receive(from, points);
      }),
      trainer.on('run/picture', ({ runId, picture }) => {
        this.deliver(() => {
          if (mine(runId)) this.observer.picture(picture);
        });
      }),
      trainer.on('run/activity', ({ runId, text, fraction }) => {
        this.deliver(() => {
          if (mine(runId)) this.observer.activity?.(text, fraction);
        });
      }),
      trainer.on('run/output', ({ runId, stream, text }) => {
        this.deliver(() => {
          if (mine(runId)) this.observer.output?.(stream, text);
        });
      }),
    ];
  }

  async catchUp(): Promise<void> {
    const record = await readRun(this.folder);
    this.runId = record.id;
    this.tell(() => {
      this.observer.record(record);
    });
    const pictures = await readPictures(this.folder);
    await this.readOn();
    const late = await this.askForLate(record);
    const changed = new Set(late.map(({ kind }) => kind));
    for (const picture of pictures) {
      if (changed.has(picture.kind)) continue;
      this.tell(() => {
        this.observer.picture(ACTIVE_STATES.has(record.state) ? picture : atRest(picture));
      });
    }
    this.caughtUp = true;
    for (const event of this.early.splice(0)) this.tell(event);
    // What was heard before the answer is no newer than the answer.
    for (const picture of late)
      this.tell(() => {
        this.observer.picture(picture);
      });
  }

  stop(): void {
    this.stopped = true;
  }

  /** What was told of a run after its end, as long as its trainer is there. */
  private async askForLate({ id, state }: RunRecord): Promise<readonly Picture[]> {
    if (this.trainer === undefined || ACTIVE_STATES.has(state)) return [];
    // One that has gone meanwhile has nothing to tell; the disk has what there was before.
    return await this.trainer.request('run/pictures', { runId: id }).catch(() => []);
  }

  private deliver(event: () => void): void {
    if (this.caughtUp) this.tell(event);
    else this.early.push(event);
  }

  private tell(event: () => void): void {
    if (!this.stopped) event();
  }

  private receive(from: number, points: readonly Point[]): void {
    if (from > this.next) {
      // What could not be read is read again when the next points come.
      this.readOn().catch(() => undefined);
      return;
    }
    const fresh = points.slice(this.next - from);
    if (fresh.length === 0 || this.stopped) return;
    const index = this.next;
    this.next += fresh.length;
    this.observer.points(index, fresh);
  }

  /** Delivers from disk what is missing, until nothing is notified meanwhile. */
  private readOn(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    let heard: number;
    do {
      heard = this.heard;
      this.disk.passTo(this.next);
      for await (const { from, points } of this.disk.pieces()) {
        if (this.stopped) return;
        this.receive(from, points);
        await this.observer.ready?.();
      }
    } while (heard !== this.heard);
  }
}

/** A chat that was written to when its run ended is written to no more. */
function atRest(picture: Picture): Picture {
  if (picture.kind !== 'conversation' || !picture.isAnswering) return picture;
  const turns = picture.turns.map(({ said, answers }) => ({
    said,
    answers: answers.map((answer) => ({ ...answer, end: answer.end ?? ('stopped' as const) })),
  }));
  return { ...picture, isAnswering: false, turns };
}

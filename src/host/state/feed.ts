import { followRun, type Following, type RunObserver } from '../../client/runs/follow';
import type { TrainerConnection } from '../../client/processes/connection';
import { toColumns } from '../../protocol/columns';
import type { HostToPanel } from '../../protocol/panel';
import type { Picture, PictureKind } from '../../protocol/pictures';
import { ACTIVE_STATES, type Point, type RunRecord } from '../../protocol/run';
import type { Activity } from './session';

/** What the trainer tells in one go travels in one go, too. How often it tells is the trainer's to say. */
const GATHER_MS = 10;
/** A long history travels in parts, so that neither side is blocked for long. */
const MOST_POINTS = 50_000;

/**
 * Brings a run and its growth to the page: every point once and in order, however often trainers come and go.
 * Lives as long as the run is in the foreground of one loaded page.
 */
export class RunFeed {
  record: RunRecord | undefined;
  private following: Following | undefined;
  private trainer: TrainerConnection | undefined;
  /** How many points have been sent, and those that are to be sent next. */
  private sent = 0;
  private readonly points: Point[] = [];
  /** Readers of a long history, of which no more is held than travels at once. */
  private readonly readers: (() => void)[] = [];
  private recordChanged = false;
  private readonly pictures = new Map<PictureKind, Picture>();
  private activity: Activity | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** A message is on its way to the page. */
  private sending = false;

  /**
   * @param post takes what is to be shown together, and resolves when it has been delivered; the next ones wait, so that
   *   a busy page gets fewer and larger messages instead of a queue.
   * @param begin called with the first record, before anything else is posted.
   */
  constructor(
    readonly folder: string,
    private readonly post: (messages: readonly HostToPanel[]) => PromiseLike<unknown>,
    private readonly begin: (record: RunRecord) => void,
  ) {}

  /** Follows the run through this trainer from now on, or (undefined) takes what is on disk. */
  async follow(trainer: TrainerConnection | undefined): Promise<void> {
    if (this.stopped || (this.following !== undefined && trainer === this.trainer)) return;
    this.following?.dispose();
    this.trainer = trainer;
    const observer: RunObserver = {
      record: (record) => {
        this.takeRecord(record);
      },
      points: (_from, points) => {
        for (const point of points) this.points.push(point);
        this.schedule();
      },
      ready: () => this.room(),
      picture: (picture) => {
        this.pictures.set(picture.kind, picture);
        this.schedule();
      },
      activity: (text, fraction) => {
        this.activity = { text, fraction };
        this.schedule();
      },
    };
    this.following = followRun(trainer, this.folder, observer, this.sent + this.points.length);
    await this.following.ready;
  }

  /** What has come to be on disk since, of a run that no trainer tells this window of. */
  async readOn(): Promise<void> {
    if (this.trainer !== undefined || this.following === undefined) return;
    await this.following.ready;
    this.following.dispose();
    this.following = undefined;
    await this.follow(undefined);
  }

  /** A record that did not come through the trainer: how a dead one's run ended. */
  takeRecord(record: RunRecord): void {
    if (this.stopped || this.record === record) return;
    const first = this.record === undefined;
    this.record = record;
    if (first) {
      this.begin(record);
      return;
    }
    this.recordChanged = true;
    this.schedule();
  }

  isActive(): boolean {
    return this.record !== undefined && ACTIVE_STATES.has(this.record.state);
  }

  dispose(): void {
    this.stopped = true;
    this.following?.dispose();
    clearTimeout(this.timer);
    this.giveRoom();
  }

  private async room(): Promise<void> {
    if (this.points.length >= MOST_POINTS && !this.stopped)
      await new Promise<void>((resolve) => this.readers.push(resolve));
  }

  private giveRoom(): void {
    for (const goOn of this.readers.splice(0)) goOn();
  }

  private schedule(): void {
    if (this.stopped || this.sending) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, GATHER_MS);
  }

  private async flush(): Promise<void> {
    this.sending = true;
    await Promise.allSettled([this.post(this.takeMessages())]);
    this.sending = false;
    const { points, pictures, recordChanged, activity } = this;
    if (points.length > 0 || pictures.size > 0 || recordChanged || activity !== undefined) this.schedule();
  }

  private takeMessages(): HostToPanel[] {
    const messages: HostToPanel[] = [];
    const key = this.folder;
    const part = this.points.splice(0, MOST_POINTS);
    this.giveRoom();
    if (part.length > 0) {
      messages.push({ type: 'points', key, from: this.sent, columns: toColumns(part) });
      this.sent += part.length;
    }
    if (this.recordChanged && this.record !== undefined) {
      this.recordChanged = false;
      messages.push({ type: 'record', run: { key, record: this.record } });
    }
    for (const picture of this.pictures.values()) messages.push({ type: 'picture', key, picture });
    this.pictures.clear();
    if (this.activity !== undefined) messages.push({ type: 'activity', key, ...this.activity });
    this.activity = undefined;
    return messages;
  }
}

/**
 * What is known of a run, kept in two places at once: its folder and its listeners. Whatever is told to a listener and
 * belongs on disk is on disk first.
 */
import { toErrorData } from '../../protocol/errors';
import type { Picture, PictureKind } from '../../protocol/pictures';
import type { Point, RunEnd, RunProgress, RunRecord, RunState } from '../../protocol/run';
import type { RunFolder } from '../../runFolder/writer';
import { PointSink } from './points';

/** Whom a run tells what happens. */
export interface RunListener {
  changed(record: RunRecord, runFolder: string): void;
  points(runId: string, from: number, points: readonly Point[]): void;
  picture(runId: string, picture: Picture): void;
  activity(runId: string, text: string, fraction: number | null): void;
}

export class Journal {
  private readonly sink: PointSink;
  /** Tellings that there had been when the last picture was made. */
  private pictured = 0;
  /** After the last entry there is none, whoever goes on. */
  private ended = false;
  /** Told after the end, by their kind. */
  private readonly late = new Map<PictureKind, Picture>();

  /** @param onFailure a write from a timer failed: nobody else hears of it */
  constructor(
    readonly folder: RunFolder,
    private record: RunRecord,
    private readonly listener: RunListener,
    private readonly onFailure: (error: unknown) => void,
  ) {
    folder.writeRecord(record);
    this.sink = new PointSink(
      record.points,
      (points) => {
        folder.appendPoints(points);
      },
      (from, points) => {
        listener.points(folder.id, from, points);
      },
      () => {
        this.tell();
      },
    );
  }

  get current(): RunRecord {
    return this.record;
  }

  /** Points so far, also those not yet on disk. */
  get points(): number {
    return this.sink.count;
  }

  /** Those told since the end, which are not on disk. */
  get latePictures(): readonly Picture[] {
    return [...this.late.values()];
  }

  /** Whether a picture may move with the curves: listeners are told now, or were since the last picture. */
  get isNewsDue(): boolean {
    return this.sink.isDue || this.sink.told !== this.pictured;
  }

  point(point: Point): void {
    if (this.ended) return;
    this.record = { ...this.record, latest: { ...this.record.latest, ...point.values } };
    this.sink.add(point);
  }

  /** Puts every point on disk. @throws LabError RUN_FOLDER_UNWRITABLE */
  flush(): void {
    this.sink.flush();
  }

  /** Told together with the points it belongs to; while the run is paused, and steps one by one, at once. */
  progress(progress: RunProgress): void {
    this.record = { ...this.record, progress };
    if (this.record.state === 'paused') this.tell();
  }

  /** A change that has to be on disk, after the points before it. @throws LabError RUN_FOLDER_UNWRITABLE */
  update(change: Partial<RunRecord>): void {
    if (this.ended) return;
    this.sink.flush();
    this.record = { ...this.record, ...change, points: this.sink.count };
    this.folder.writeRecord(this.record);
    this.announce();
  }

  /**
   * While it trains, together with the points up to there: one picture shows both. After the end it answers who looks at
   * the model, and is no part of the run.
   */
  picture(picture: Picture): void {
    if (this.ended) this.late.set(picture.kind, picture);
    else this.folder.writePicture(picture);
    this.listener.picture(this.folder.id, picture);
    if (this.ended) return;
    if (this.record.state === 'training' && this.sink.waiting) this.tell();
    this.pictured = this.sink.told;
  }

  activity(text: string, fraction: number | null): void {
    this.listener.activity(this.folder.id, text, fraction);
  }

  /** The last entry. What cannot be written any more is told to the listeners at least. */
  end(state: RunState, end: RunEnd): void {
    let final: Pick<RunRecord, 'state' | 'end'> = { state, end };
    const failed = (error: unknown): typeof final => ({
      state: 'failed',
      end: { ...end, reason: 'error', error: end.error ?? toErrorData(error) },
    });
    try {
      this.sink.flush();
    } catch (error) {
      final = failed(error);
    }
    this.sink.dispose();
    this.ended = true;
    this.record = { ...this.record, ...final, points: this.sink.count };
    try {
      this.folder.writeRecord(this.record);
    } catch (error) {
      this.record = { ...this.record, ...failed(error) };
    }
    this.folder.close();
    this.announce();
  }

  /** Points that wait, and how far the run is: in one go, so that one picture can show both. */
  private tell(): void {
    try {
      this.sink.flush();
    } catch (error) {
      this.onFailure(error);
    }
    this.announce();
  }

  private announce(): void {
    this.listener.changed(this.record, this.folder.path);
  }
}

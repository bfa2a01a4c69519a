/** What the page knows: the run in the foreground, the earlier runs laid over it, their points and pictures. */
import type { LabErrorData } from '../../src/protocol/errors';
import {
  MOST_OVERLAYS,
  type Columns,
  type ExerciseCard,
  type PanelLesson,
  type PanelRun,
} from '../../src/protocol/panel';
import type { Picture, PictureKind } from '../../src/protocol/pictures';
import { Ingest } from '../kit/data/ingest';
import { RunSeries } from '../kit/data/series';

export type Connection = 'attached' | 'lost' | 'other' | 'starting';

/** A run that is drawn. */
export interface ShownRun {
  run: PanelRun;
  readonly series: RunSeries;
  /** Points announced so far: those in the series and those still waiting for it. */
  received: number;
}

export interface Activity {
  readonly text: string;
  readonly fraction: number | null;
}

export class PanelStore {
  readonly ingest: Ingest;
  readonly #runs = new Map<string, ShownRun>();
  readonly pictures = new Map<PictureKind, Picture>();
  /** Why what was asked of a picture since is not drawn. */
  readonly refusals = new Map<PictureKind, LabErrorData>();
  #foreground: string | undefined;
  lesson: PanelLesson | null = null;
  #exercises: readonly ExerciseCard[] = [];
  /** Exercises whose check has just ended; undefined when a check has begun since. Changed by each of the two. */
  checked: readonly ExerciseCard[] | undefined;
  /** Id of an exercise whose card is to come into view. */
  revealed: string | undefined;
  activity: Activity | undefined;
  connection: Connection = 'attached';
  error: LabErrorData | undefined;
  available: readonly PanelRun[] = [];
  #shown: readonly string[] = [];
  /** False until the host has said what to show: nothing is drawn before. */
  begun = false;

  constructor(now: () => number) {
    this.ingest = new Ingest(now);
  }

  /** Of the lesson in the foreground. */
  get exercises(): readonly ExerciseCard[] {
    return this.#exercises;
  }

  /** A check that ends may begin and end between two pictures of the page: it is seen here, message by message. */
  showExercises(cards: readonly ExerciseCard[]): void {
    const wasChecking = ({ exercise }: ExerciseCard): boolean =>
      this.#exercises.some((card) => card.exercise === exercise && card.state === 'checking');
    const ended = cards.filter((card) => card.state !== 'checking' && wasChecking(card));
    if (ended.length > 0) this.checked = ended;
    else if (cards.some((card) => card.state === 'checking' && !wasChecking(card))) this.checked = undefined;
    this.#exercises = cards;
    this.revealed ??= ended.find(({ state }) => state === 'failed')?.exercise;
  }

  get foreground(): ShownRun | undefined {
    return this.#foreground === undefined ? undefined : this.#runs.get(this.#foreground);
  }

  /** Keys of the overlays, in the order that gives each its colour and dashes. */
  get shown(): readonly string[] {
    return this.#shown;
  }

  /** The overlays that are drawn. */
  get overlays(): readonly ShownRun[] {
    return this.#shown.flatMap((key) => this.#runs.get(key) ?? []);
  }

  get bytes(): number {
    let sum = 0;
    for (const { series } of this.#runs.values()) sum += series.bytes;
    return sum;
  }

  show(run: PanelRun | null, lesson: PanelLesson | null): void {
    this.begun = true;
    const another = run?.key !== this.#foreground || (run === null && lesson?.id !== this.lesson?.id);
    this.lesson = lesson;
    if (another) {
      this.pictures.clear();
      this.refusals.clear();
      this.#exercises = [];
      this.checked = undefined;
      this.activity = undefined;
    }
    this.error = undefined;
    this.#foreground = run?.key;
    if (run !== null) this.#hold(run);
    this.#prune();
  }

  record(run: PanelRun): void {
    const known = this.#runs.get(run.key);
    // What is done belongs to a phase of the run: before the first step, or after the last one.
    if (run.key === this.#foreground && known?.run.record.state !== run.record.state) this.activity = undefined;
    if (known !== undefined) known.run = run;
    this.available = this.available.map((other) => (other.key === run.key ? run : other));
  }

  setOverlays(available: readonly PanelRun[], shown: readonly string[]): void {
    this.available = available;
    this.#shown = shown.filter((key) => key !== this.#foreground).slice(0, MOST_OVERLAYS);
    for (const run of available) if (this.#shown.includes(run.key)) this.#hold(run);
    this.#prune();
  }

  /**
   * Takes points in. `from` is the index of the first one in the run; points that are known already change nothing.
   * Returns false when points between are missing, so that the host has to be asked for all.
   */
  points(key: string, from: number, columns: readonly Columns[]): boolean {
    const shown = this.#runs.get(key);
    if (shown === undefined) return true;
    if (from > shown.received) return false;
    const total = columns.reduce((sum, part) => sum + part.length, 0);
    shown.received = Math.max(shown.received, from + total);
    this.ingest.add(shown.series, columns);
    return true;
  }

  picture(key: string, picture: Picture): void {
    if (key !== this.#foreground) return;
    this.pictures.set(picture.kind, picture);
    this.refusals.delete(picture.kind);
  }

  refused(key: string, picture: PictureKind, error: LabErrorData): void {
    if (key === this.#foreground) this.refusals.set(picture, error);
  }

  setActivity(key: string, activity: Activity): void {
    if (key === this.#foreground) this.activity = activity;
  }

  #hold(run: PanelRun): void {
    const known = this.#runs.get(run.key);
    if (known === undefined) this.#runs.set(run.key, { run, series: new RunSeries(), received: 0 });
    else known.run = run;
  }

  /** Only what is drawn is kept. */
  #prune(): void {
    for (const [key, { series }] of this.#runs) {
      if (key === this.#foreground || this.#shown.includes(key)) continue;
      this.ingest.drop(series);
      this.#runs.delete(key);
    }
  }
}

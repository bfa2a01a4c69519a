import { PointReader } from '../../runFolder/points';
import type { StoredRun } from '../../runFolder/runs';
import { toColumns } from '../../protocol/columns';
import type { Point } from '../../protocol/run';
import { MOST_OVERLAYS, type HostToPanel } from '../../protocol/panel';
import type { RunHistory } from '../state/history';

/** More earlier runs than these are not offered in the panel; the Runs view has them all. */
const MOST_OFFERED = 50;
const MOST_POINTS = 50_000;

/** Earlier runs of the same model file, laid over the one in the foreground. */
export class Overlays {
  private shown: readonly string[] = [];
  /** The model file in the foreground that they were chosen for; undefined: the next one that comes. */
  private modelFile: string | undefined;
  /** How many points of each the page has. */
  private readonly delivered = new Map<string, number>();
  private told: string | undefined;

  constructor(
    private readonly history: RunHistory,
    private readonly post: (message: HostToPanel) => PromiseLike<unknown>,
  ) {}

  get keys(): readonly string[] {
    return this.shown;
  }

  /** The page starts empty. */
  pageLoaded(): void {
    this.told = undefined;
    this.delivered.clear();
  }

  /** Another run comes into the foreground of the page. */
  begin(): void {
    this.told = undefined;
  }

  choose(keys: readonly string[]): void {
    this.shown = [...new Set(keys)].slice(0, MOST_OVERLAYS);
    this.modelFile = undefined;
  }

  /** Tells the page what can be laid over and what is, and sends the points it lacks. */
  async send(foreground: StoredRun): Promise<void> {
    const runs = await this.history.list();
    const { modelFile } = foreground.record;
    if (this.modelFile !== undefined && this.modelFile !== modelFile) {
      // What was laid over another lesson's curves says nothing here.
      const own = new Set(runs.filter(({ record }) => record.modelFile === modelFile).map(({ folder }) => folder));
      this.shown = this.shown.filter((key) => own.has(key));
    }
    this.modelFile = modelFile;
    const available = runs
      .filter(({ folder, record }) => folder !== foreground.folder && this.comparable(foreground, folder, record))
      .slice(0, MOST_OFFERED);
    this.shown = this.shown.filter((key) => available.some(({ folder }) => folder === key));
    const message = {
      type: 'overlays',
      available: available.map(({ folder, record }) => ({ key: folder, record })),
      shown: this.shown,
    } as const;
    // Looked at with each epoch of a training, told when it is news: the page draws for each message.
    const told = JSON.stringify(message);
    if (told !== this.told) await this.post(message);
    this.told = told;
    // The page forgets what it no longer draws.
    for (const key of this.delivered.keys()) if (!this.shown.includes(key)) this.delivered.delete(key);
    for (const key of this.shown) {
      const known = this.delivered.get(key) ?? 0;
      const { points = 0 } = available.find(({ folder }) => folder === key)?.record ?? {};
      if (this.delivered.has(key) && points <= known) continue;
      await this.deliver(key, known, points);
    }
  }

  /** Those from `known` on, of which there are at least up to `expected`: a run that still trains may have more. */
  private async deliver(key: string, known: number, expected: number): Promise<void> {
    // Said before it is done, so that nobody else does it meanwhile.
    this.delivered.set(key, expected);
    let sent = known;
    let waiting: Point[] = [];
    const send = async (): Promise<void> => {
      const columns = toColumns(waiting);
      const from = sent;
      sent += waiting.length;
      waiting = [];
      await this.post({ type: 'points', key, from, columns });
    };
    for await (const { points } of new PointReader(key, known).pieces()) {
      for (const point of points) waiting.push(point);
      if (this.delivered.has(key)) this.delivered.set(key, sent + waiting.length);
      if (waiting.length >= MOST_POINTS) await send();
    }
    if (waiting.length > 0) await send();
  }

  /** Runs of one model file that have curves; and what the user chose to compare, whatever it is. */
  private comparable(foreground: StoredRun, folder: string, record: StoredRun['record']): boolean {
    const { modelFile } = foreground.record;
    return (record.modelFile === modelFile && record.points > 0) || this.shown.includes(folder);
  }
}

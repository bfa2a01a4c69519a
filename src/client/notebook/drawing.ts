/** What an exported page needs to draw its outputs: the script, its texts, and what the panel would be told of each run, thinned out. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { toColumns } from '../../protocol/columns';
import { DISPLAY_MIME, type Display } from '../../protocol/display';
import type { RunMessage } from '../../protocol/output';
import type { Point, RunRecord } from '../../protocol/run';
import type { Drawing } from '../../notebook/export/html';
import type { ShownCell } from '../../notebook/export/shown';
import { readPictures } from '../../runFolder/pictures';
import { PointReader } from '../../runFolder/points';
import { readRun } from '../../runFolder/runs';
import type { LabPaths } from '../paths';
import { runMessage } from './runMessage';

/** Points of a kind that a page shows of a run: more than it has pixels. */
const MOST_POINTS = 1_000;

interface Place {
  readonly paths: Pick<LabPaths, 'root'>;
  /** Of the page's texts. */
  readonly locale: string;
  /** Runs that lie elsewhere are not read. */
  readonly runsDirectory: string;
}

/** What it takes to draw the outputs of these cells on a page. */
export async function drawingOf(
  cells: readonly ShownCell[],
  { paths, locale, runsDirectory }: Place,
): Promise<Drawing> {
  const script = await fs.readFile(path.join(paths.root, 'dist', 'webview', 'page.js'), 'utf8');
  const texts = await fs.readFile(path.join(paths.root, 'l10n', `bundle.l10n.${locale}.json`), 'utf8').catch(() => '');
  const runs = await exportedRuns(cells, runsDirectory);
  return { script, runs, ...(texts === '' ? {} : { bundle: JSON.parse(texts) as unknown }) };
}

/**
 * By the folder of their outputs. A run that is gone, or lies elsewhere than `runsDirectory`, keeps the figures of its
 * output.
 */
async function exportedRuns(
  cells: readonly ShownCell[],
  runsDirectory: string,
): Promise<ReadonlyMap<string, readonly RunMessage[]>> {
  const folders = new Set(cells.flatMap(({ outputs }) => outputs.flatMap(folderOf)));
  const told = new Map<string, readonly RunMessage[]>();
  for (const folder of folders) {
    // An output may come from elsewhere, and name any folder.
    if (path.dirname(path.resolve(folder)) !== path.resolve(runsDirectory)) continue;
    try {
      told.set(folder, await messagesOf(folder));
    } catch {
      continue;
    }
  }
  return told;
}

function folderOf(output: ShownCell['outputs'][number]): string[] {
  if (output.kind !== 'show') return [];
  const display = output.items[DISPLAY_MIME] as Partial<Display> | null | undefined;
  return display?.kind === 'run' && typeof display.folder === 'string' ? [display.folder] : [];
}

async function messagesOf(folder: string): Promise<RunMessage[]> {
  const key = 'run';
  const steps = new Thinned();
  const epochs = new Thinned();
  for await (const { points } of new PointReader(folder).pieces())
    for (const point of points) (point.kind === 'step' ? steps : epochs).add(point);
  const columns = toColumns([...steps.points, ...epochs.points]);
  return [
    { type: 'show', run: { key, record: withoutPlaces(await readRun(folder)) }, lesson: null },
    ...(columns.length === 0 ? [] : [runMessage({ type: 'points', key, from: 0, columns })]),
    ...(await readPictures(folder)).map((picture) => ({ type: 'picture' as const, key, picture })),
  ];
}

/**
 * Evenly spaced ones of any number of points, the newest among them, in a bounded list. Not their extremes, which stand for
 * a long run on a live page (`webview/kit/data/thinning.ts`): there the means beside them are what is smoothed.
 */
class Thinned {
  private kept: Point[] = [];
  private every = 1;
  private count = 0;
  private last: Point | undefined;

  add(point: Point): void {
    if (this.count++ % this.every === 0) this.kept.push(point);
    this.last = point;
    if (this.kept.length < 2 * MOST_POINTS) return;
    this.kept = this.kept.filter((_, index) => index % 2 === 0);
    this.every *= 2;
  }

  get points(): readonly Point[] {
    const { kept, last } = this;
    return last === undefined || kept.at(-1) === last ? kept : [...kept, last];
  }
}

/** Where it was made is nobody's business. */
function withoutPlaces(record: RunRecord): RunRecord {
  return { ...record, modelFile: path.basename(record.modelFile), trainer: { pid: 0, instance: '' }, checkpoints: [] };
}

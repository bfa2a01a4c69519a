/** Where a run's folder keeps what: the one place that knows the names (format: protocol/run.ts). */
import path from 'node:path';

export const recordFile = (runFolder: string): string => path.join(runFolder, 'run.json');
/** There: the run is pinned. */
export const pinFile = (runFolder: string): string => path.join(runFolder, 'pinned');
export const pointsFile = (runFolder: string): string => path.join(runFolder, 'metrics.jsonl');
export const picturesFolder = (runFolder: string): string => path.join(runFolder, 'artifacts');
export const pictureFile = (runFolder: string, kind: string): string =>
  path.join(picturesFolder(runFolder), `${kind}.json`);
export const checkpointsFolder = (runFolder: string): string => path.join(runFolder, 'checkpoints');
export const checkpointFolder = (runFolder: string, checkpoint: string): string =>
  path.join(checkpointsFolder(runFolder), checkpoint);

/** @param epoch epochs completed */
export function checkpointName(epoch: number): string {
  return `epoch-${String(epoch).padStart(4, '0')}`;
}

/** Epochs completed at a checkpoint of this name; undefined for a name that is none. */
export function checkpointEpoch(name: string): number | undefined {
  const digits = /^epoch-(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

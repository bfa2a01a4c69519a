/** Data in a cell: where it is found, and some of it as tensors. */
import * as tf from '@tensorflow/tfjs';
import type { CellFunctions } from '../../../lab/cells';
import type { LoadContext } from '../../../lab/dataset';
import { inputOf, tensorsOf } from '../../../learning/training/batch';
import { batchOf, Rows } from '../../../learning/training/batches';
import { currentCell, type CellContext } from '../context';
import { isDataset } from '../display/dataset';
import { checkCount, wrongArgument } from './arguments';

/** As a training of the same cell would find it; progress of a download is printed. */
export function loadContextOf({ request, runs, signal }: CellContext): LoadContext {
  const { dataDirectories, cacheDirectory } = runs.environment;
  const own = request.dataDirectory;
  let told = '';
  return {
    directories: [...(own === undefined ? [] : [own]), ...dataDirectories],
    cacheDirectory,
    signal,
    progress: (text) => {
      if (text !== told) process.stdout.write(`${text}\n`);
      told = text;
    },
  };
}

export const examples = (async (data, { split = 'test', from = 0, count = 8 } = {}) => {
  const cell = currentCell('examples');
  if (!isDataset(data)) throw wrongArgument({ field: 'examples: data', expected: 'datasets.…()', found: data });
  const given: unknown = split;
  if (given !== 'train' && given !== 'test')
    throw wrongArgument({ field: 'examples: split', expected: "'train', 'test'", found: given });
  const all = (await cell.load(data))[given];
  const first = checkCount('examples: from', from, 0);
  const last = Math.min(all.length, first + checkCount('examples: count', count, 1));
  if (first >= all.length)
    throw wrongArgument({ field: 'examples: from', expected: `0 … ${all.length - 1}`, found: from });
  const rows = new Rows(all, data);
  const feeds = rows.feeds(Int32Array.from({ length: last - first }, (_, index) => first + index));
  try {
    return tf.tidy(() => {
      const batch = batchOf(feeds);
      const targets = Object.entries(batch).flatMap(([name, tensor]) =>
        name === 'y' || name.startsWith('y.') ? [[name.slice(2), tensor] as const] : [],
      );
      const [[name, only]] = targets as [readonly [string, tf.Tensor]];
      // What is held once is a copy here: the rows below are freed.
      const y = name === '' ? only : Object.fromEntries(targets);
      const x = inputOf(batch);
      for (const { tensor } of [...tensorsOf(x), ...tensorsOf(y)]) tf.keep(tensor);
      return { x, y };
    });
  } finally {
    Rows.release(feeds);
    rows.dispose();
  }
}) as CellFunctions['examples'];

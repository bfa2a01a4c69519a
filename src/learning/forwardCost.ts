/**
 * What a forward pass costs: the multiplications and additions of its products, counted operation by operation. Sums,
 * activations and look-ups are left out; of a transformer they are a few in a hundred (Kaplan and others 2020, section 2.1).
 */
import * as tf from '@tensorflow/tfjs';
import type { Experiment } from '../lab/experiment';
import { firstRows } from '../lab/fields';
import { undisturbed } from './pictures/undisturbed';
import { inputOf } from './training/batch';
import { batchOf, Rows } from './training/batches';
import { seedOf, type Data, type Training } from './training/training';

type Kernel = Awaited<ReturnType<typeof tf.profile>>['kernels'][number];

/** Of one example, the first of the test data, without training mode. A multiplication and an addition count as two. */
export async function flopsOfExample(
  { built }: Pick<Training, 'built'>,
  experiment: Experiment,
  data: Data,
): Promise<number> {
  const rows = new Rows(firstRows(data.test, 1), experiment.data);
  const feeds = rows.feeds(Int32Array.of(0));
  try {
    return await productFlops(() => {
      undisturbed(seedOf(experiment), () => built.learner.forward(inputOf(batchOf(feeds)), false));
    });
  } finally {
    Rows.release(feeds);
    rows.dispose();
  }
}

/** @param work frees what it makes; runs to its end before it returns */
export async function productFlops(work: () => void): Promise<number> {
  const { kernels } = await tf.profile(work);
  return kernels.reduce((sum, kernel) => sum + flopsOf(kernel), 0);
}

function flopsOf({ name, inputShapes, outputShapes }: Kernel): number {
  const [a, b] = inputShapes;
  const out = outputShapes[0];
  if (!a || !b || !Array.isArray(out)) return 0;
  switch (name) {
    case 'BatchMatMul': // also what _FusedMatMul is carried out by
      return 2 * product(out) * inner(a, b, out);
    case 'Conv2D':
    case 'FusedConv2D': // a filter is [height, width, channels in, channels out]
      return 2 * product(out) * (product(b) / (b.at(-1) ?? 1));
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2D': // [height, width, channels in, multiplier]
      return 2 * product(out) * (b[0] ?? 1) * (b[1] ?? 1);
    default:
      return 0;
  }
}

/** What a product sums over: of [m, k] · [k, n] → [m, n], either of them transposed or not, k² = mk · kn / mn. */
function inner(a: readonly number[], b: readonly number[], out: readonly number[]): number {
  const square = (product(a.slice(-2)) * product(b.slice(-2))) / product(out.slice(-2));
  return Math.round(Math.sqrt(square));
}

const product = (sizes: readonly number[]): number => sizes.reduce((result, size) => result * size, 1);

/** The metrics that an experiment can name. Each is the mean over the batch, a scalar; nothing is differentiated. */
import type { Metric } from '../experiment';
import { meanAbsoluteError as absoluteLoss, meanSquaredError as squaredLoss } from '../losses/regression';

export { accuracy, type AccuracyOptions } from './accuracy';

/** mean((y − ŷ)²) over all elements. Shapes and errors as for the loss of that name. */
export function meanSquaredError(): Metric {
  return { name: 'meanSquaredError', compute: squaredLoss().compute };
}

/** mean(|y − ŷ|) over all elements. Shapes and errors as for the loss of that name. */
export function meanAbsoluteError(): Metric {
  return { name: 'meanAbsoluteError', compute: absoluteLoss().compute };
}

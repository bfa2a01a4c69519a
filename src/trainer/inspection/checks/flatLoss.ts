import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { lossFamily } from '../../../lab/losses/define';
import type { ResolvedLoss } from '../../../lab/resolve';
import type { Finding } from '../problems';

/**
 * A hinge is flat in places, what saturates far from zero, a comparison everywhere: so outputs of several sizes are
 * tried, the same each time, for the editor must not think otherwise when the file is opened again.
 */
const SCALES = [1, 0.1, 0.01, 10];

/**
 * A loss of the learner's own that counts, compares or rounds: it has a gradient, which is zero wherever one looks, so
 * that nothing is ever learned and nothing fails.
 *
 * @param like targets, [batch, …]: of this shape and type
 * @param shape of the model's output, [batch, …]
 * @param classes how many there are; 0: the targets are numbers
 */
export function flatLossFinding(
  loss: ResolvedLoss,
  like: tf.Tensor,
  shape: number[],
  classes: number,
): Finding | undefined {
  if (lossFamily(loss) !== undefined || !isFlat(loss, like, shape, classes)) return undefined;
  return {
    severity: 'warning',
    code: 'MODEL_LOSS_FLAT',
    message: l10n.t('The loss does not change when the output of the model changes a little: nothing can be learned.'),
    expected: l10n.t('a loss with a slope'),
    found: l10n.t('a gradient of exactly zero at {0} random outputs', SCALES.length),
    remedy: l10n.t(
      'Comparing, counting, rounding and argMax have no slope. Compute the loss from the numbers themselves, and use what counts as a metric.',
    ),
    field: 'loss',
  };
}

function isFlat(loss: ResolvedLoss, { shape: targets, dtype }: tf.Tensor, shape: number[], classes: number): boolean {
  try {
    return tf.tidy(() => {
      for (const [index, scale] of SCALES.entries()) {
        const seed = index + 1;
        const [from, to, type] = dtype === 'int32' ? ([0, classes, 'int32'] as const) : ([0, 1, 'float32'] as const);
        const y = tf.randomUniform(targets, from, to, type, seed);
        const scores = tf.randomNormal(shape, 0, scale, 'float32', seed);
        const output = loss.fromLogits ? scores : tf.softmax(scores);
        const slope = tf.grad((at: tf.Tensor) => loss.compute(y, at))(output);
        if (slope.dataSync().some((value) => value !== 0)) return false;
      }
      return true;
    });
  } catch {
    return false; // made for other numbers than these: what it says of the model's own has been told
  }
}

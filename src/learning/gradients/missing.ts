/** Says where a gradient is asked for that nobody has. */
import { engine } from '../engine/tfjs';
import { Patches } from '../compile/patch';
import { LearningError } from '../errors';

/** How tfjs words that it has no gradient, or not for these arguments. */
const MISSING = /gradient function not found for (\S+?)\.$/;
const FAILED = /^(?:Error in gradient (?:of|for op) |Cannot backprop through|No gradient of )/;
const UNCONNECTED = 'Cannot find a connection between any variable and the result of the loss function';

/**
 * Runs `differentiate`, which differentiates what `forward` computes. Where that fails for want of a gradient, `forward`
 * runs once more as far as the kernel that lacks it, so that the error comes from there: from the learner's line, or
 * from inside the layer.
 *
 * @throws LearningError NO_GRADIENT, GRADIENT_FAILED, LOSS_UNCONNECTED
 */
export function differentiable<T>(differentiate: () => T, forward: () => unknown): T {
  try {
    return differentiate();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const operation = MISSING.exec(error.message)?.[1];
    if (operation !== undefined) {
      failAt(operation, forward);
      throw noGradient(operation, error);
    }
    if (error.message.startsWith(UNCONNECTED)) throw new LearningError({ code: 'LOSS_UNCONNECTED' }, { cause: error });
    const failed = FAILED.test(error.message);
    throw failed ? new LearningError({ code: 'GRADIENT_FAILED', reason: error.message }, { cause: error }) : error;
  }
}

/** Runs `forward` up to the first call of that kernel, which throws. */
function failAt(kernel: string, forward: () => unknown): void {
  const tfEngine = engine();
  const { runKernel } = tfEngine;
  const patches = new Patches();
  patches.set(tfEngine, 'runKernel', (name, inputs, attributes) => {
    if (name === kernel) throw noGradient(kernel);
    return runKernel.call(tfEngine, name, inputs, attributes);
  });
  try {
    forward();
  } finally {
    patches.undo();
  }
}

function noGradient(kernel: string, cause?: Error): LearningError {
  const fault = { code: 'NO_GRADIENT', operation: kernel.replace(/^_/, '') } as const;
  return new LearningError(fault, cause === undefined ? undefined : { cause });
}

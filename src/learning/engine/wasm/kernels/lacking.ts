/** Operations that this engine does not have: each says so where it is called. */
import * as tf from '@tensorflow/tfjs';
import { LearningError } from '../../../errors';

/** What TensorFlow computes: complex numbers and their transforms, rows of unequal length, expressions in texts. */
const LACKING: readonly string[] = [
  tf.Complex,
  tf.ComplexAbs,
  tf.FFT,
  tf.IFFT,
  tf.Imag,
  tf.Real,
  tf.RaggedGather,
  tf.RaggedRange,
  tf.RaggedTensorToTensor,
  tf.StaticRegexReplace,
  tf.Draw,
];

export const lackingKernels: readonly tf.KernelConfig[] = LACKING.map((kernelName) => ({
  kernelName,
  backendName: 'wasm',
  kernelFunc: () => {
    throw new LearningError({ code: 'ENGINE_LACKS', operation: kernelName });
  },
}));

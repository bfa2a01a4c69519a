/** The kernels that tfjs-backend-wasm lacks or is slow at, as ordinary kernels of its backend: registered before it begins. */
import * as tf from '@tensorflow/tfjs';
import { rowsOfBytes } from '../rows';
import { conv2dFilter } from './conv2dFilter';
import { conv2dInput } from './conv2dInput';
import { conv3dInput } from './conv3dInput';
import { depthwiseFilter, depthwiseInput } from './depthwise';
import { einsum } from './einsum';
import { identity } from './identity';
import { lackingKernels } from './lacking';
import { matMul } from './matMul';
import { PADDED, padded } from './padding';
import { avgPoolGradient, maxPoolGradient } from './pooling';
import { segmentSum } from './segmentSum';
import { sumKernel } from './sum';
import { castKernel, cumulative, MOVING, moving, noTruths, oneHot, REAL, realOnly, WHOLE } from './types';

let registered = false;

export function registerKernels(): void {
  if (registered) return;
  registered = true;
  for (const kernel of [conv2dFilter, depthwiseFilter, depthwiseInput, einsum, segmentSum, rowsOfBytes])
    tf.registerKernel(kernel);
  for (const kernel of lackingKernels) tf.registerKernel(kernel);
  replace(tf.Conv2DBackpropInput, conv2dInput);
  replace(tf.BatchMatMul, matMul);
  replace(tf.MaxPoolGrad, () => maxPoolGradient);
  replace(tf.AvgPoolGrad, () => avgPoolGradient);
  replace(tf.Sum, sumKernel);
  replace(tf.Identity, identity);
  replace(tf.Cast, castKernel);
  replace(tf.OneHot, () => oneHot);
  for (const name of REAL) replace(name, realOnly(name));
  for (const name of WHOLE) replace(name, noTruths(name));
  for (const name of [tf.Cumsum, tf.Cumprod]) replace(name, cumulative(name));
  for (const name of MOVING) replace(name, moving(name));
  replace(tf.Conv3DBackpropInputV2, () => conv3dInput);
  for (const kernelName of PADDED)
    replace(kernelName, (plain) => ({ kernelName, backendName: 'wasm', kernelFunc: padded(kernelName, plain) }));
}

/** Puts a kernel in the place of the package's, which it is given and whose set-up it keeps. */
function replace(name: string, make: (plain: tf.KernelFunc) => tf.KernelConfig): void {
  const { kernelFunc, setupFunc, disposeFunc } = tf.getKernel(name, 'wasm');
  tf.unregisterKernel(name, 'wasm');
  tf.registerKernel({
    ...make(kernelFunc),
    ...(setupFunc === undefined ? {} : { setupFunc }),
    ...(disposeFunc === undefined ? {} : { disposeFunc }),
  });
}

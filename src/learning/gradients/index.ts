/**
 * Gradients that tfjs lacks, of kernels that TensorFlow has: registered once, when an engine is loaded, for everybody who
 * differentiates in this process. What has none afterwards is refused, see missing.ts.
 */
import * as tf from '@tensorflow/tfjs';
import { broadcastGradients } from './broadcast';
import { dilatedGradients } from './dilated';
import { placeGradients } from './places';
import { productGradients } from './products';
import { zeroGradients } from './zero';

export { differentiable } from './missing';

let registered = false;

export function registerGradients(): void {
  if (registered) return;
  registered = true;
  const all = [
    ...zeroGradients,
    ...placeGradients,
    ...productGradients,
    ...broadcastGradients(),
    ...dilatedGradients(),
  ];
  for (const gradient of all) tf.registerGradient(gradient);
}

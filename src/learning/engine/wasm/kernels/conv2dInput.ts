/** Conv2DBackpropInput: what each number of the picture did to the loss. tfjs has it, but as plain loops. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend, type WasmBackend } from '../internals';
import { call, floats, scrapped, type Info } from './call';
import { padded } from './padding';
import { convolution, spread, type ConvolutionAttributes } from './convolution';

interface Attributes extends ConvolutionAttributes {
  /** [batch, height, width, channels] */
  readonly inputShape: [number, number, number, number];
}

/** A convolution of dy, spread by the steps of the one before, with its weights turned round. */
export function conv2dInput(plain: tf.KernelFunc): tf.KernelConfig {
  return {
    kernelName: tf.Conv2DBackpropInput,
    backendName: 'wasm',
    kernelFunc: (given) => {
      const backend = wasmBackend(given.backend);
      const { dy, filter } = given.inputs as { dy: Info; filter: Info };
      const { inputShape, ...attributes } = given.attrs as unknown as Attributes;
      const info = convolution('Conv2DBackpropInput', inputShape, filter.shape, attributes);
      const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
      const top = filterHeight - 1 - padInfo.top;
      const left = filterWidth - 1 - padInfo.left;
      const bottom = info.inHeight + padInfo.top - (info.outHeight - 1) * strideHeight - 1;
      const right = info.inWidth + padInfo.left - (info.outWidth - 1) * strideWidth - 1;
      // More zeros around the picture than the weights reach over: rare, and the plain loops can do it.
      if (Math.min(top, left, bottom, right) < 0) return padded(tf.Conv2DBackpropInput, plain)(given);
      return scrapped(backend, (scrap) => {
        const isSpread = strideHeight > 1 || strideWidth > 1;
        const x = isSpread ? scrap.add(spread(backend, dy, strideHeight, strideWidth)) : dy;
        const turned = scrap.add(turn(backend, filter));
        const pad = [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ];
        const around = { strides: 1, dilations: 1, pad, dataFormat: 'NHWC' };
        return scrap.add(call(backend, tf.Conv2D, { x, filter: turned }, around));
      });
    },
  };
}

/** Upside down and back to front, inputs and outputs exchanged: [height, width, outputs, inputs]. */
function turn(backend: WasmBackend, filter: Info): Info {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = filter.shape;
  const made = floats(backend, [height, width, outputs, inputs], false);
  const from = backend.typedArrayFromHeap(filter);
  const to = backend.typedArrayFromHeap(made);
  const size = inputs * outputs;
  for (let place = height * width - 1, source = 0; place >= 0; place--)
    for (let input = 0; input < inputs; input++)
      for (let target = place * size + input, output = 0; output < outputs; output++, target += inputs)
        to[target] = from[source++] ?? 0;
  return made;
}

/**
 * Paddings that tfjs-backend-wasm gets wrong, said side by side instead. By a number: tfjs reckons the width of a result by
 * the height of the window and its steps down, and where those of the other direction differ, XNNPACK writes beyond the
 * tensor that tfjs made. "same": where the steps are larger than the window, XNNPACK computes nothing at all.
 */
import * as tf from '@tensorflow/tfjs';

const CONVOLUTIONS: ReadonlySet<string> = new Set([tf.Conv2D, tf.FusedConv2D]);
const DEPTHWISE: ReadonlySet<string> = new Set([tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D]);
const POOLINGS: ReadonlySet<string> = new Set([tf.MaxPool, tf.AvgPool]);

/** Kernels of pictures that take a padding. */
export const PADDED: readonly string[] = [...CONVOLUTIONS, ...DEPTHWISE, ...POOLINGS];

type Sides = tf.backend_util.ExplicitPadding;

const sides = (top: number, bottom: number, left: number, right: number): Sides => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

export function explicit<Pad>(pad: Pad): Exclude<Pad, number> | Sides {
  return typeof pad === 'number' ? sides(pad, pad, pad, pad) : (pad as Exclude<Pad, number>);
}

/** The kernel with its padding said side by side. */
export function padded(kernel: string, plain: tf.KernelFunc): tf.KernelFunc {
  const isConvolution = CONVOLUTIONS.has(kernel) || DEPTHWISE.has(kernel);
  return (given) => {
    const { pad, ...rest } = given.attrs as { pad?: unknown } & tf.NamedAttrMap;
    if (typeof pad === 'number') return plain({ ...given, attrs: { ...rest, pad: explicit(pad) } });
    if (pad !== 'same' || !isConvolution) return plain(given);
    const { x, filter } = given.inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
    const { strides, dilations, dataFormat } = rest as unknown as {
      strides: [number, number] | number;
      dilations: [number, number] | number;
      dataFormat?: 'NHWC' | 'NCHW';
    };
    if (dataFormat === 'NCHW') return plain(given);
    const { top, bottom, left, right } = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      strides,
      dilations,
      pad,
      undefined,
      DEPTHWISE.has(kernel),
    ).padInfo;
    return plain({ ...given, attrs: { ...rest, pad: sides(top, bottom, left, right) } });
  };
}

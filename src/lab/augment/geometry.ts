/** Augmentations that move pixels. Rows and columns are moved by gathering, which every engine does. */
import * as tf from '@tensorflow/tfjs';
import { checkInteger, checkNumber } from '../check';
import type { Augmentation } from './augmentation';

/**
 * Mirrors half of the pictures: left becomes right.
 */
export function flip(): Augmentation {
  return Object.freeze({
    name: 'flip',
    fits: 'images',
    apply: (x) => {
      const mirrored = tf.less(draw(x), 0.5);
      return tf.where(tf.broadcastTo(mirrored, x.shape), tf.reverse(x, 2), x);
    },
  } satisfies Augmentation);
}

/**
 * Moves each picture by up to so many pixels, up or down and left or right; what comes in is black. The same as cutting a
 * picture of its size out of one with a black margin (He, Zhang, Ren, Sun 2016, section 4.2).
 *
 * @param pixels at least 1
 * @throws LabError EXPERIMENT_INVALID
 */
export function crop(pixels: number): Augmentation {
  const most = checkInteger('augment.crop: pixels', pixels, { min: 1 });
  return Object.freeze({
    name: 'crop',
    fits: 'images',
    apply: (x) => {
      const shift = (): tf.Tensor => tf.sub(tf.floor(tf.mul(draw(x), 2 * most + 1)), most);
      const [rows, columns] = grid(x);
      return sample(x, tf.add(rows, shift()), tf.add(columns, shift()));
    },
  } satisfies Augmentation);
}

/**
 * Turns each picture around its middle by up to so many degrees either way, between the pixels linearly; what comes in is
 * black.
 *
 * @param degrees above 0, at most 180
 * @throws LabError EXPERIMENT_INVALID
 */
export function rotate(degrees: number): Augmentation {
  const most = (checkNumber('augment.rotate: degrees', degrees, Number.MIN_VALUE, 180) / 180) * Math.PI;
  return Object.freeze({
    name: 'rotate',
    fits: 'images',
    apply: (x) => turned(x, tf.mul(tf.sub(draw(x), 0.5), 2 * most)),
  } satisfies Augmentation);
}

/** @param angles radians, float32 [batch, 1, 1, 1]; turns against the clock as seen on a screen */
export function turned(x: tf.Tensor, angles: tf.Tensor): tf.Tensor {
  const [, height = 1, width = 1] = x.shape;
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  const [rows, columns] = grid(x);
  const [cos, sin] = [tf.cos(angles), tf.sin(angles)];
  const [down, right] = [tf.sub(rows, middleRow), tf.sub(columns, middleColumn)];
  const fromRow = tf.add(tf.add(tf.mul(sin, right), tf.mul(cos, down)), middleRow);
  const fromColumn = tf.add(tf.sub(tf.mul(cos, right), tf.mul(sin, down)), middleColumn);
  return between(x, fromRow, fromColumn);
}

/** A number from 0 to 1 for each picture, [batch, 1, 1, 1]. */
function draw(x: tf.Tensor): tf.Tensor {
  const [batch = 1] = x.shape;
  return tf.randomUniform([batch, 1, 1, 1]);
}

/** Where each pixel is: rows [1, height, 1, 1], columns [1, 1, width, 1]. */
function grid(x: tf.Tensor): readonly [tf.Tensor, tf.Tensor] {
  const [, height = 1, width = 1] = x.shape;
  return [tf.reshape(tf.range(0, height, 1), [1, height, 1, 1]), tf.reshape(tf.range(0, width, 1), [1, 1, width, 1])];
}

/** The pixels at these whole places, black beside the picture. @param rows, columns float32, together [batch, height, width, 1] */
function sample(x: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor): tf.Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const inside = tf.mul(within(rows, height), within(columns, width));
  const whole = (places: tf.Tensor, size: number): tf.Tensor => tf.cast(tf.clipByValue(places, 0, size - 1), 'int32');
  const picture = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1, 1, 1]);
  const line = tf.add(tf.mul(picture, tf.scalar(height, 'int32')), whole(rows, height));
  const place = tf.add(tf.mul(line, tf.scalar(width, 'int32')), whole(columns, width));
  const pixels = tf.gather(
    tf.reshape(x, [batch * height * width, channels]),
    tf.reshape(place, [batch * height * width]),
  );
  return tf.mul(tf.reshape(pixels, x.shape), inside);
}

function within(places: tf.Tensor, size: number): tf.Tensor {
  return tf.cast(tf.logicalAnd(tf.greaterEqual(places, 0), tf.lessEqual(places, size - 1)), 'float32');
}

/** The pixels at places between the pixels: of four neighbours, each by how near it is. */
function between(x: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor): tf.Tensor {
  const [top, left] = [tf.floor(rows), tf.floor(columns)];
  const [below, right] = [tf.sub(rows, top), tf.sub(columns, left)];
  const [above, before] = [tf.sub(1, below), tf.sub(1, right)];
  const corner = (down: number, across: number, share: tf.Tensor): tf.Tensor =>
    tf.mul(sample(x, tf.add(top, down), tf.add(left, across)), share);
  return tf.addN([
    corner(0, 0, tf.mul(above, before)),
    corner(0, 1, tf.mul(above, right)),
    corner(1, 0, tf.mul(below, before)),
    corner(1, 1, tf.mul(below, right)),
  ]);
}

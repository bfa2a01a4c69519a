/** Networks with trained weights that turn pictures into feature vectors. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { LoadContext } from '../dataset';
import { dataCorrupt, dataMissing } from '../datasets/errors';
import { readWhole } from '../datasets/idx';

export type BackboneName = 'mobilenetV3';

export interface BackboneInfo {
  /** Name of its folder among the data. */
  readonly folder: string;
  readonly title: string;
  /** Length of a feature vector. */
  readonly features: number;
  readonly licence: () => string;
}

export const BACKBONES: Readonly<Record<BackboneName, BackboneInfo>> = {
  mobilenetV3: {
    folder: 'mobilenet-v3',
    title: 'MobileNetV3',
    features: 88,
    licence: () => l10n.t('features by MobileNetV3, weights of 610265158/mobilenetv3_centernet, MIT licence'),
  },
};

export interface Backbone {
  readonly features: number;
  /** SHA-256 over all that its answers follow from, hex. */
  readonly hash: string;
  /**
   * @param pictures float32 [batch, height, width, 3], red, green, blue from 0 to 255
   * @returns float32 [batch, features]: each feature's mean over the picture. The caller disposes it.
   */
  compute(pictures: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/** What set-up wrote: see src/setup/data/mobilenetV3.ts. */
interface Packed {
  readonly format: number;
  readonly input: string;
  readonly output: string;
  readonly features: number;
  /** Of weights.bin, hex. */
  readonly sha256: string;
  readonly weights: tf.io.WeightsManifestEntry[];
  readonly topology: object;
}

/** @throws LabError DATA_MISSING, DATA_CORRUPT */
export async function loadBackbone(name: BackboneName, context: LoadContext): Promise<Backbone> {
  const info = BACKBONES[name];
  const folder = findFolder(info, context);
  const file = path.join(folder, 'model.json.gz');
  const json = await readWhole(file);
  const packed = parse(json, file);
  if (packed.format !== 1 || packed.features !== info.features) {
    const found = `format ${packed.format}, ${packed.features} features`;
    throw dataCorrupt(file, `format 1, ${info.features} features`, found);
  }
  const weightsFile = path.join(folder, 'weights.bin.gz');
  const weights = await readWhole(weightsFile);
  const found = createHash('sha256').update(weights).digest('hex');
  if (found !== packed.sha256) throw dataCorrupt(weightsFile, `SHA-256 ${packed.sha256}`, found);

  const model = await tf.loadGraphModel({
    load: () =>
      Promise.resolve({
        format: 'graph-model',
        modelTopology: packed.topology,
        weightSpecs: packed.weights,
        weightData: new Uint8Array(weights).buffer,
      }),
  });
  return {
    features: info.features,
    hash: createHash('sha256').update(json).update(weights).digest('hex'),
    compute: (pictures) =>
      tf.tidy(() => {
        const maps = model.execute({ [packed.input]: pictures }, packed.output) as tf.Tensor4D;
        return tf.mean<tf.Tensor2D>(maps, [1, 2]);
      }),
    dispose: () => {
      model.dispose();
    },
  };
}

function findFolder({ folder, title }: BackboneInfo, { directories, cacheDirectory }: LoadContext): string {
  const candidates = [...directories, path.join(cacheDirectory, 'data')].map((directory) =>
    path.join(directory, folder),
  );
  const found = candidates.find((candidate) => fs.existsSync(path.join(candidate, 'model.json.gz')));
  if (found !== undefined) return found;
  throw dataMissing(
    title,
    path.join(folder, 'model.json.gz'),
    candidates,
    l10n.t("Run 'npm start' in the lab's folder once: it prepares the data. Or install the extension again."),
  );
}

function parse(json: Buffer, file: string): Packed {
  try {
    return JSON.parse(json.toString('utf8')) as Packed;
  } catch (error) {
    throw dataCorrupt(file, 'JSON', error instanceof Error ? error.message : String(error));
  }
}

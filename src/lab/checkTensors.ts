import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { invalid } from './check';
import type { Frozen } from './experiment';

/** Weights that are given as they are must be tensors by name. @throws LabError EXPERIMENT_INVALID */
export function checkTensors(given: unknown, field = 'frozen'): Frozen {
  const expected = l10n.t('tensors by name');
  if (typeof given !== 'object' || given === null || given instanceof tf.Tensor || Array.isArray(given))
    throw invalid({ field, expected, found: given });
  for (const [name, tensor] of Object.entries(given))
    if (!(tensor instanceof tf.Tensor)) throw invalid({ field: `${field}: ${name}`, expected, found: tensor });
  return given as Frozen;
}

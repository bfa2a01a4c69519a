import type * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { invalid } from './check';
import { isExperiment } from './define';
import type { Experiment, LayersExperiment } from './experiment';
import { infoOf } from './fields';

/** What `trained` is to a model file; who runs the file says where weights come from. */
export type TrainedFunction = (experiment: Experiment, file: string) => tf.LayersModel;

/**
 * The model of another model file, with the weights that its newest finished run ended with. To be called in `model`:
 *
 *   import base from './base';
 *   model: ({ classes }) => replaceHead(trained(base, './base.ts'), classes)
 *
 * Where there is no finished run of that file, it is trained first. The editor, which only wants shapes, and the checks
 * of exercises get the model untrained.
 *
 * @param experiment The other file's default export, made of layers.
 * @param file Its path, relative to the model file that runs.
 * @returns A new model at each call. Its layers may be frozen, shared with another model, or left out.
 * @throws LabError EXPERIMENT_INVALID; BASE_CHANGED when the other file was changed since so that the weights do
 *   not fit any more.
 */
export const trained: TrainedFunction = (experiment, file) => untrained(checkedBase(experiment, file));

/** @throws LabError EXPERIMENT_INVALID */
export function checkedBase(experiment: unknown, file: unknown): Experiment & LayersExperiment {
  if (!isExperiment(experiment) || !('model' in experiment)) {
    throw invalid({
      field: 'trained: experiment',
      expected: l10n.t('the default export of a model file whose model is made of layers'),
      found: experiment,
      remedy: l10n.t("Write, for example, 'import base from './base';' and 'trained(base, './base.ts')'."),
    });
  }
  if (typeof file === 'string' && file !== '') return experiment;
  throw invalid({ field: 'trained: file', expected: l10n.t("a path such as './base.ts'"), found: file });
}

export function untrained(experiment: Experiment & LayersExperiment): tf.LayersModel {
  const model = experiment.model(infoOf(experiment.data));
  if (!(model instanceof Promise)) return model;
  throw invalid({
    field: 'trained: experiment',
    expected: l10n.t('a model that is there at once'),
    found: model,
    remedy: l10n.t("Make the base's 'model' without 'async': what it reads can be awaited at the top of its file."),
  });
}

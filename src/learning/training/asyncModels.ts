/** What of an experiment may be async, to read a file first: it is awaited before the training is put together. */
import type * as tf from '@tensorflow/tfjs';
import { checkTensors } from '../../lab/checkTensors';
import type { Experiment } from '../../lab/experiment';
import { infoOf } from '../../lab/fields';
import { checkedModel, isLayers } from './build';
import { comparedExperiment } from './comparison';
import { Randomness } from './randomness';

/**
 * The experiment, its async models made and in place of their functions. Each call makes new ones.
 *
 * @param whole Also the model of `compareWith`.
 */
export async function withModels(experiment: Experiment, seed: number, whole: boolean): Promise<Experiment> {
  const model = await madeModel(experiment, seed);
  const compared = whole ? comparedExperiment(experiment) : undefined;
  const other = compared && (await madeModel(compared, seed));
  if (model === undefined && other === undefined) return experiment;
  return {
    ...experiment,
    ...(model === undefined ? {} : { model: () => model }),
    ...(other === undefined ? {} : { compareWith: { ...experiment.compareWith, model: () => other } }),
  } as Experiment;
}

/** The experiment with what is frozen in place of its function. It may be large: only who trains with it asks for it. */
export async function withFrozen(experiment: Experiment): Promise<Experiment> {
  if (isLayers(experiment) || experiment.frozen === undefined) return experiment;
  const frozen = checkTensors(await experiment.frozen());
  return { ...experiment, frozen: () => frozen };
}

/** Undefined where the model is there at once. */
async function madeModel(experiment: Experiment, seed: number): Promise<tf.LayersModel | undefined> {
  if (!isLayers(experiment) || !isAsync(experiment.model)) return undefined;
  const { data, model } = experiment;
  return checkedModel(await new Randomness(seed).until(() => model(infoOf(data))));
}

/** Declared with `async`: asked before the call, since a call makes layers and draws random numbers. */
function isAsync(work: unknown): boolean {
  return Object.prototype.toString.call(work) === '[object AsyncFunction]';
}

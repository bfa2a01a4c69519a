/** What a trained model says, how good it is, and what goes on in its layers. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CellFunctions, LayerValues, TrainedRun } from '../../../lab/cells';
import { display } from '../../../lab/cells/display';
import type { Batch } from '../../../lab/experiment';
import { isPlain } from '../../../lab/dataset';
import { layerFlow, type LayerFlow } from '../../../learning/pictures/layerFlow';
import { applyModel } from '../../../learning/training/applyModel';
import { Rows } from '../../../learning/training/batches';
import { evaluateSplit } from '../../../learning/training/evaluate';
import { evaluationLoss } from '../../../learning/training/objective';
import type { LayersDisplay } from '../../../protocol/display';
import { percent, short } from '../../../words/numbers';
import { currentCell } from '../context';
import { Made } from '../display';
import { distributionOf } from '../display/numbers';
import { checkTensor, wrongArgument } from './arguments';
import { Trained } from './trained';

export const evaluate: CellFunctions['evaluate'] = async (run, split = 'test') => {
  const { signal } = currentCell('evaluate');
  const { training, data, experiment } = checkTrained('evaluate: run', run);
  const given: unknown = split;
  if (given !== 'train' && given !== 'test')
    throw wrongArgument({ field: 'evaluate: split', expected: "'train', 'test'", found: given });
  const rows = new Rows(data[given], experiment.data);
  try {
    const metrics = await evaluateSplit(training.executor, rows, async () => {
      await nextTurn();
      return !signal.aborted;
    });
    signal.throwIfAborted();
    return metrics ?? {};
  } finally {
    rows.dispose();
  }
};

export const predict = ((of, x) => {
  currentCell('predict');
  const batch = checkBatch('predict: x', x);
  if (of instanceof tf.LayersModel) return tf.tidy(() => applyModel(of, batch, false) as tf.Tensor);
  return checkTrained('predict: run', of).training.executor.predict(batch);
}) as CellFunctions['predict'];

export const layers: CellFunctions['layers'] = (of, x, y) => {
  currentCell('layers');
  const input = checkTensor('layers: x', x);
  if (of instanceof tf.LayersModel) {
    if (y !== undefined)
      throw wrongArgument({
        field: 'layers: model',
        expected: l10n.t('a run of train, which knows its loss'),
        found: of,
        remedy: l10n.t('Leave the target out, or train the model first.'),
      });
    return valuesOf(layerFlow(of, input));
  }
  const { training, model, experiment } = checkTrained('layers: model', of);
  if (model === undefined || !isPlain(experiment.data))
    throw wrongArgument({
      field: 'layers: model',
      expected: l10n.t('a model of layers with one input and one target'),
      found: of,
    });
  const { objective } = training.built.learner;
  if (y === undefined) return valuesOf(layerFlow(model, input));
  const target = checkTensor('layers: y', y);
  return valuesOf(layerFlow(model, input, (output) => evaluationLoss(objective, { x: input, y: target }, output)));
};

function checkTrained(field: string, run: TrainedRun | tf.LayersModel): Trained {
  if (run instanceof Trained) return run;
  throw wrongArgument({
    field,
    expected: l10n.t('a run of train'),
    found: run,
    remedy: l10n.t('Write: const run = await train(model);'),
  });
}

function checkBatch(field: string, x: unknown): Batch {
  if (x instanceof tf.Tensor || Array.isArray(x) || typeof x !== 'object' || x === null) return checkTensor(field, x);
  for (const [name, tensor] of Object.entries(x)) checkTensor(`${field}.${name}`, tensor);
  return x as Batch;
}

function valuesOf(flow: readonly LayerFlow[]): LayerValues {
  const shown: LayersDisplay = { kind: 'layers', layers: flow.map(describeLayer) };
  tf.dispose(flow.map(({ weightGradients }) => [...weightGradients]));
  const values = {
    layers: flow.map(({ layer, activation, gradient }) => ({
      name: layer.name,
      activation,
      ...(gradient === undefined ? {} : { gradient }),
    })),
  };
  return Object.defineProperty(values, display, { value: () => new Made(shown, textOf(shown)), enumerable: false });
}

function describeLayer({ layer, activation, gradient, weightGradients }: LayerFlow): LayersDisplay['layers'][number] {
  const values = activation.dataSync<'float32'>();
  const zeros = values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
  const all = weightGradients.flatMap((one) => [...one.dataSync<'float32'>()]);
  return {
    name: layer.name,
    type: layer.getClassName(),
    shape: activation.shape,
    activation: distributionOf(values),
    zeros: values.length === 0 ? 0 : zeros / values.length,
    ...(gradient === undefined ? {} : { gradient: distributionOf(gradient.dataSync<'float32'>()) }),
    ...(all.length === 0 ? {} : { weightGradient: distributionOf(all) }),
  };
}

function textOf({ layers: all }: LayersDisplay): string {
  return all
    .map(({ name, shape, activation: { summary }, zeros, gradient }) => {
      const range = `${short(summary.min ?? NaN)} … ${short(summary.max ?? NaN)}`;
      const back = gradient === undefined ? '' : `  ∂L σ ${short(gradient.summary.deviation ?? NaN)}`;
      return `${name}  [${shape.join(', ')}]  ${range}  ${percent(zeros)} 0${back}`;
    })
    .join('\n');
}

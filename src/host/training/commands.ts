import * as vscode from 'vscode';
import type { RequestName } from '../../protocol/trainer';
import { readRun } from '../../runFolder/runs';
import type { App } from '../app/app';
import type { CommandHandlers } from '../app/commands';
import type { RunHistory } from '../state/history';
import type { Launcher } from './launcher';
import { projectOf } from '../state/options';
import type { TrainerPool } from '../state/pool';
import { isActive, type ActiveSession } from '../state/session';
import { endSilentRun, isOfOtherVersion, isSilent, stopOther } from '../state/silent';

type Control = Extract<RequestName, 'run/pause' | 'run/resume' | 'run/step'>;

/** Stop, Pause, Resume, Step: on the run of a tree item, else on the current one. */
export function controlCommands(
  app: App,
  pool: TrainerPool,
  history: RunHistory,
  launcher: Launcher,
): Pick<
  CommandHandlers,
  'deepLearningLab.stop' | 'deepLearningLab.pause' | 'deepLearningLab.resume' | 'deepLearningLab.step'
> {
  const target = (folder: string | undefined): ActiveSession | undefined => {
    const session = folder === undefined ? pool.current() : pool.ofRun(folder);
    if (isActive(session)) return session;
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is training in this window.'));
    return undefined;
  };
  const send =
    (method: Control) =>
    async (folder: string | undefined): Promise<void> => {
      const session = target(folder);
      if (session !== undefined) await session.trainer.request(method, { runId: session.run.record.id });
    };
  /**
   * Attaches to the trainer of a run that this window knows from disk only; one that does not answer is ended, and
   * another version's is asked to stop. Returns whether there is one to talk to.
   */
  const reach = async (folder: string): Promise<boolean> => {
    const { modelFile } = await readRun(folder);
    const project = projectOf(app, modelFile);
    try {
      await pool.attach(project);
      return true;
    } catch (error) {
      if (isSilent(error)) await endSilentRun(app, history, folder, project);
      else if (isOfOtherVersion(error)) await stopOther(app, history, project);
      else throw error;
      return false;
    }
  };
  return {
    'deepLearningLab.stop': async (folder) => {
      if (folder !== undefined && pool.ofRun(folder) === undefined && !(await reach(folder))) return;
      const session = target(folder);
      if (session !== undefined) await launcher.stop(session);
    },
    'deepLearningLab.pause': send('run/pause'),
    'deepLearningLab.resume': send('run/resume'),
    'deepLearningLab.step': send('run/step'),
  };
}

import * as vscode from 'vscode';
import { isMadeHere } from '../../files/seal';
import { ACTIVE_STATES } from '../../protocol/run';
import type { App } from '../app/app';
import { execute } from '../app/commands';
import type { RunHistory } from '../state/history';
import { projectOf } from '../state/options';
import type { TrainerPool } from '../state/pool';
import { endText } from './reporter';
import { settleDeadRun } from '../state/settle';
import { isOfOtherVersion } from '../state/silent';

/** Runs that ended without a window and whose end the user has been told. */
const TOLD = 'toldRuns';
/** More than these at once are counted, not listed. */
const TELL_AT_MOST = 3;

/**
 * At the start of a window: attaches to the trainers that are alive (starts none), and tells once what has ended
 * since the last window was closed.
 */
export async function attachToLiving(app: App, pool: TrainerPool, history: RunHistory): Promise<void> {
  const told = new Set(app.memory.get<string[]>(TOLD, []));
  const news: { folder: string; text: string }[] = [];
  const known: string[] = [];
  for (const { folder, record } of await history.list()) {
    if (ACTIVE_STATES.has(record.state)) {
      // One that does not answer hides nothing of the others.
      await pool.attach(projectOf(app, record.modelFile)).catch((error: unknown) => {
        if (isOfOtherVersion(error)) {
          const text = vscode.l10n.t('The lab was updated. “{0}” goes on as it was begun, to its end.', record.title);
          void vscode.window.showInformationMessage(text);
          return;
        }
        const stop = () => execute('deepLearningLab.stop', folder);
        app.errors.show(error, [{ title: vscode.l10n.t('Stop It'), run: stop }]);
      });
    } else if (record.end?.unattended === true && isMadeHere(folder)) {
      known.push(record.id);
      if (told.has(record.id)) continue;
      news.push({ folder, text: endText(record) });
      if (record.state === 'interrupted') await settleDeadRun(folder, true);
    }
  }
  await app.memory.update(TOLD, known);
  for (const { folder, text } of news.slice(0, TELL_AT_MOST)) {
    const open = vscode.l10n.t('Open');
    const message = vscode.l10n.t('While no window was open: {0}', text);
    void vscode.window.showInformationMessage(message, open).then((chosen) => {
      if (chosen === open) void execute('deepLearningLab.openRun', folder);
    });
  }
  if (news.length > TELL_AT_MOST) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0} more runs have ended while no window was open; the Runs view lists them.',
        news.length - TELL_AT_MOST,
      ),
    );
  }
}

import * as vscode from 'vscode';
import type { App } from '../app/app';
import { EXTENSION_ID, RUN_ON_START, VIEW_CONTAINER, WALKTHROUGH } from '../app/manifest';

const SHOWN = 'firstSteps.shown';

/**
 * In the first window after the installation, the lessons are in sight and the first steps open: VS Code opens them by
 * itself for an extension from the marketplace only. Whoever has turned that off, or has asked for a lesson, is left alone.
 */
export async function showFirstSteps(app: App): Promise<void> {
  if (app.memory.get<boolean>(SHOWN) === true) return;
  await app.memory.update(SHOWN, true);
  const asked = process.env[RUN_ON_START];
  const wanted = vscode.workspace
    .getConfiguration('workbench.welcomePage.walkthroughs')
    .get<boolean>('openOnInstall', true);
  if (!wanted || (asked !== undefined && asked !== '')) return;
  await vscode.commands.executeCommand(`workbench.view.extension.${VIEW_CONTAINER}`);
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${EXTENSION_ID}#${WALKTHROUGH}`, false);
}

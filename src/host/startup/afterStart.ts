import * as vscode from 'vscode';
import type { App } from '../app/app';
import type { RunHistory } from '../state/history';
import { attachToLiving } from '../training/attach';
import type { TrainerPool } from '../state/pool';
import { showFirstSteps } from './firstWindow';
import { runLessonOfEnvironment } from './runOnStart';

/** What need not be done before the window can be used: the first steps, trainings that go on, what was asked for. */
export function afterStart(app: App, pool: TrainerPool, history: RunHistory): void {
  const work = async (): Promise<void> => {
    await attachToLiving(app, pool, history);
    await runLessonOfEnvironment(app);
  };
  showFirstSteps(app).catch((error: unknown) => {
    app.errors.show(error);
  });
  const begin = (): void => {
    work().catch((error: unknown) => {
      app.errors.show(error);
    });
  };
  // Reading only, until the workspace is trusted.
  if (vscode.workspace.isTrusted) setImmediate(begin);
  else app.lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(begin));
}

import * as vscode from 'vscode';
import type { App } from '../app/app';
import type { TrainerPool } from '../state/pool';
import { isActive } from '../state/session';

const ASK_EVERY_MS = 3000;
/** So many times without an answer, and nobody is there. Counted, not timed: a machine that slept asks once. */
const PATIENCE = 4;

/**
 * Leaves the trainers while nobody is at the window. A browser that crashed says no good-bye: its extension host goes on
 * for hours, in case the window comes back, and what it is attached to would count as watched for as long.
 */
export function watchPresence(app: App, pool: TrainerPool): void {
  let unanswered = 0;
  let away = false;
  const answered = (): void => {
    unanswered = 0;
    if (!away) return;
    away = false;
    app.log.info('The window is back.');
    pool.comeBack().catch((error: unknown) => {
      app.errors.show(error);
    });
  };
  const ask = (): void => {
    if (!away && !pool.all().some(isActive)) {
      unanswered = 0;
      return;
    }
    unanswered += 1;
    // The first unanswered question is the only one: the others would wait in a queue behind it.
    if (unanswered === 1)
      void vscode.commands.executeCommand('setContext', 'deepLearningLab.asked', true).then(answered);
    else if (unanswered > PATIENCE && !away) {
      away = true;
      app.log.warn('The window does not answer: the trainers go on without it.');
      pool.leave();
    }
  };
  const timer = setInterval(ask, ASK_EVERY_MS);
  app.lifetime.add({
    dispose: () => {
      clearInterval(timer);
    },
  });
}

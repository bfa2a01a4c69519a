import * as vscode from 'vscode';
import type { App } from '../app/app';
import type { TrainerPool } from '../state/pool';

/** What the learner's code prints, in a channel of its own that is made with the first line. */
export function showOutput(app: App, pool: TrainerPool): void {
  let channel: vscode.OutputChannel | undefined;
  let runShown: string | undefined;
  app.lifetime.add(
    pool.onOutput(({ session, text }) => {
      channel ??= app.lifetime.add(vscode.window.createOutputChannel(vscode.l10n.t('Deep Learning Lab: Output')));
      const { run } = session;
      if (run !== undefined && run.record.id !== runShown) {
        runShown = run.record.id;
        channel.appendLine(`── ${run.record.title} · ${new Date(run.record.createdAt).toLocaleString(app.locale)} ──`);
      }
      channel.append(text);
    }),
  );
}

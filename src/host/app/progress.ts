import * as vscode from 'vscode';

/** What a long task may say; `fraction` is null while the whole is unknown. */
export type Report = (text: string, fraction?: number | null) => void;

/** Most tasks are done by then; a notification that flashes up would only disturb. */
const SHOW_AFTER_MS = 700;

/** Runs a task; if it takes a while, shows a notification with what it says and a Cancel button. */
export async function withCancellableProgress<T>(
  title: string,
  task: (report: Report, token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  let last: { text: string; fraction: number | null } = { text: '', fraction: null };
  let show: (() => void) | undefined;
  const work = task((text, fraction = null) => {
    last = { text, fraction };
    show?.();
  }, source.token);
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => {
        source.cancel();
      });
      let shown = 0;
      show = () => {
        const percent = last.fraction === null ? 0 : last.fraction * 100;
        progress.report({ message: last.text, increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      };
      show();
      // Whoever started the task hears of its failure; here it only ends the notification.
      await work.catch(() => undefined);
    });
  }, SHOW_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}

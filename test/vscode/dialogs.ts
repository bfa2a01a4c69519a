/**
 * Answers the dialogs of VS Code, which nobody can click in the window of a suite: only they are replaced, and only while
 * `work` runs. The extension's code and this suite share one `vscode`, because both lie in the extension's folder.
 */
import * as vscode from 'vscode';

export interface Answers {
  /** The button of a question, by its text; left out: Cancel. */
  readonly press?: string;
  /** The button of a message that is no question; left out: none. */
  readonly button?: RegExp;
  /** Where to save; left out: Cancel. */
  readonly save?: string;
  /** The folder to choose; left out: Cancel. */
  readonly folder?: string;
}

export interface Shown {
  /** The modal questions, in order. */
  readonly questions: string[];
  /** Other messages. */
  readonly told: string[];
}

const REPLACED = [
  'showWarningMessage',
  'showInformationMessage',
  'showErrorMessage',
  'showSaveDialog',
  'showOpenDialog',
  'showQuickPick',
  'showInputBox',
] as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const titleOf = (item: unknown): string =>
  typeof item === 'object' && item !== null && 'title' in item ? String(item.title) : String(item);

export async function answering(answers: Answers, work: () => Promise<unknown>): Promise<Shown> {
  const shown: Shown = { questions: [], told: [] };
  const window = vscode.window as Mutable<typeof vscode.window>;
  const before = Object.fromEntries(REPLACED.map((name) => [name, window[name]]));
  const uri = (file: string | undefined): vscode.Uri | undefined =>
    file === undefined ? undefined : vscode.Uri.file(file);
  const message = (text: string, ...rest: readonly unknown[]): Promise<unknown> => {
    const modal = rest.some((item) => typeof item === 'object' && item !== null && 'modal' in item);
    (modal ? shown.questions : shown.told).push(text);
    if (modal) return Promise.resolve(rest.includes(answers.press) ? answers.press : undefined);
    return Promise.resolve(rest.find((item) => answers.button?.test(titleOf(item)) === true));
  };
  window.showWarningMessage = message;
  window.showInformationMessage = message;
  window.showErrorMessage = message;
  window.showSaveDialog = () => Promise.resolve(uri(answers.save));
  window.showOpenDialog = () => {
    const chosen = uri(answers.folder);
    return Promise.resolve(chosen === undefined ? undefined : [chosen]);
  };
  // The first of the list, as Enter does.
  window.showQuickPick = (async (items: readonly unknown[] | PromiseLike<readonly unknown[]>) =>
    (await items)[0]) as typeof window.showQuickPick;
  // What stands in the box, as Enter does.
  window.showInputBox = (options) => Promise.resolve(options?.value);
  try {
    await work();
  } finally {
    Object.assign(window, before);
  }
  return shown;
}

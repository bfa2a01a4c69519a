import * as vscode from 'vscode';
import { toErrorData, type LabErrorData } from '../../protocol/errors';
import { execute } from './commands';
import { uriOf } from './documents';

interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

/** Shows and logs what goes wrong: message, remedy, code, and what the user can do from here. */
export class Errors {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Does not wait for the user's answer. A cancelled task is no error. */
  show(error: unknown, actions: readonly Action[] = []): void {
    const data = toErrorData(error);
    if (data.code === 'CANCELLED' || error instanceof vscode.CancellationError) return;
    this.write(data);
    const all = [
      ...this.placeAction(data),
      ...engineAction(data),
      ...actions,
      {
        title: vscode.l10n.t('Show Log'),
        run: () => {
          this.log.show();
        },
      },
    ];
    void vscode.window.showErrorMessage(errorText(data), ...all).then((chosen) => {
      // A fault of the action itself (a file that is gone) is shown as well, without further actions.
      void Promise.resolve(chosen?.run()).catch((fault: unknown) => {
        this.show(fault);
      });
    });
  }

  /** Into the log only: for what is shown elsewhere. */
  write(error: LabErrorData): void {
    const parts = [errorText(error)];
    if (error.expected !== undefined) parts.push(`  expected: ${error.expected}`);
    if (error.found !== undefined) parts.push(`  found: ${error.found}`);
    for (const { file, line, column } of [error.location, ...(error.trace ?? [])].filter(
      (place) => place !== undefined,
    )) {
      parts.push(`  at ${file}:${line}:${column}`);
    }
    if (error.details !== undefined) parts.push(error.details);
    this.log.error(parts.join('\n'));
  }

  private placeAction({ location }: LabErrorData): Action[] {
    if (location === undefined) return [];
    return [
      {
        title: vscode.l10n.t('Go to Line {0}', location.line),
        run: () => openLocation(location.file, location.line, location.column),
      },
    ];
  }
}

/** Whatever is wrong with the engine, preparing it is what can be done about it. */
function engineAction({ code }: LabErrorData): Action[] {
  if (!code.startsWith('ENGINE_') || code === 'ENGINE_NO_GPU') return [];
  return [{ title: vscode.l10n.t('Prepare Engine'), run: () => execute('deepLearningLab.prepareEngine') }];
}

/** One paragraph: what happened, what to do, and the code to look up. */
export function errorText({ message, remedy, code }: LabErrorData): string {
  return [message, remedy, `(${code})`].filter((part) => part !== undefined).join(' ');
}

/** Shows a place, counted from 1, in the first column; of a cell, in its notebook. */
export async function openLocation(file: string, line: number, column: number): Promise<void> {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const options = { viewColumn: vscode.ViewColumn.One, selection: new vscode.Range(position, position) };
  const uri = uriOf(file);
  if (uri.scheme === 'file') await vscode.window.showTextDocument(uri, options);
  else await vscode.commands.executeCommand('vscode.open', uri, options);
}

/** What a kernel shows, as VS Code shows it. */
import * as vscode from 'vscode';
import type { LabErrorData, SourceLocation } from '../../protocol/errors';
import type { CellOutput } from '../../protocol/kernel';
import { errorText } from '../app/errors';

export function outputItems({ items }: CellOutput): vscode.NotebookCellOutputItem[] {
  return Object.entries(items).map(([mime, value]) => {
    if (/^image\/(?!svg)/.test(mime))
      return new vscode.NotebookCellOutputItem(Buffer.from(String(value), 'base64'), mime);
    return typeof value === 'string' && !/[/+]json$/.test(mime)
      ? vscode.NotebookCellOutputItem.text(value, mime)
      : vscode.NotebookCellOutputItem.json(value, mime);
  });
}

export function streamItem(stream: 'stdout' | 'stderr', text: string): vscode.NotebookCellOutputItem {
  return stream === 'stdout' ? vscode.NotebookCellOutputItem.stdout(text) : vscode.NotebookCellOutputItem.stderr(text);
}

/**
 * What went wrong, with its places to click.
 * @param orderOf The number of a cell's execution, by its URI.
 */
export function errorItem(
  error: LabErrorData,
  orderOf: (cell: string) => number | undefined,
): vscode.NotebookCellOutputItem {
  const { expected, found, remedy, code, message } = error;
  const places = new Set([error.location, ...(error.trace ?? [])].flatMap((place) => place && line(place, orderOf)));
  const stack = [
    message,
    ...places,
    ...(expected === undefined ? [] : [vscode.l10n.t('Expected: {0}', expected)]),
    ...(found === undefined ? [] : [vscode.l10n.t('Found: {0}', found)]),
    ...(remedy === undefined ? [] : [remedy]),
    `(${code})`,
  ].join('\n');
  return vscode.NotebookCellOutputItem.error({ name: code, message: errorText(error), stack });
}

/** In the form that VS Code makes links of. */
function line({ file, line }: SourceLocation, orderOf: (cell: string) => number | undefined): string {
  const order = orderOf(file);
  return order === undefined ? `File ${file}:${line}` : `Cell In[${order}], line ${line}`;
}

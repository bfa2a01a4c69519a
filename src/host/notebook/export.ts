import path from 'node:path';
import * as vscode from 'vscode';
import { NOTEBOOK_SUFFIX } from '../../notebook/document';
import { pictureBeside } from '../../notebook/export/picture';
import { LabError } from '../../protocol/errors';
import type { App } from '../app/app';
import { saveText } from '../app/exports';
import { shownCells } from './shown';

/** Asks for the format and the place, and writes the notebook as it stands in the editor, outputs included. */
export async function exportNotebook(app: App, file: string | undefined): Promise<void> {
  const notebook = await notebookOf(file);
  const formats = [
    {
      label: vscode.l10n.t('Web page'),
      description: '.html',
      detail: vscode.l10n.t('One file with prose, code and outputs that any browser shows'),
      extension: 'html',
    },
    {
      label: 'Jupyter',
      description: '.ipynb',
      detail: vscode.l10n.t('For Jupyter and other programs that open its notebooks'),
      extension: 'ipynb',
    },
  ] as const;
  const chosen = await vscode.window.showQuickPick(formats, { placeHolder: vscode.l10n.t('Choose a format') });
  if (chosen === undefined) return;
  const { fsPath } = notebook.uri;
  const name = path.basename(fsPath).slice(0, fsPath.endsWith(NOTEBOOK_SUFFIX) ? -NOTEBOOK_SUFFIX.length : undefined);
  const cells = shownCells(notebook);
  await saveText(`${name}.${chosen.extension}`, chosen.label, path.dirname(fsPath), async () => {
    // Loaded when it is needed: Markdown and formulas are half a megabyte of code.
    if (chosen.extension === 'ipynb') return (await import('../../notebook/export/ipynb')).toIpynb(cells);
    const { toHtml } = await import('../../notebook/export/html');
    const { drawingOf } = await import('../../client/notebook/drawing');
    const { paths, locale } = app;
    const drawing = await drawingOf(cells, { paths, locale, runsDirectory: app.lab().runs });
    return toHtml(cells, { title: name, language: locale, picture: pictureBeside(path.dirname(fsPath)), drawing });
  });
}

/** @throws LabError NOTEBOOK_NOT_SHOWN */
async function notebookOf(file: string | undefined): Promise<vscode.NotebookDocument> {
  if (file !== undefined) return await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
  const shown = vscode.window.activeNotebookEditor?.notebook;
  if (shown !== undefined) return shown;
  throw new LabError({
    code: 'NOTEBOOK_NOT_SHOWN',
    message: vscode.l10n.t('The active editor shows no notebook.'),
    remedy: vscode.l10n.t('Open the notebook that you want to export.'),
  });
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app/app';
import type { CommandHandlers } from '../app/commands';
import { NOTEBOOK_SUFFIX } from '../../notebook/document';
import { exportNotebook } from './export';
import type { Kernels } from './kernels';
import { toData } from './serializer';
import type { ValuePanel } from './variables/valuePanel';

type Commands =
  | 'deepLearningLab.newNotebook'
  | 'deepLearningLab.exportNotebook'
  | 'deepLearningLab.restartKernel'
  | 'deepLearningLab.showValue';

interface Parts {
  readonly app: App;
  readonly kernels: Kernels;
  readonly values: ValuePanel;
}

/** New Lab Notebook, Export Notebook, Restart Kernel, Show Value. */
export function notebookCommands({ app, kernels, values }: Parts): Pick<CommandHandlers, Commands> {
  return {
    'deepLearningLab.restartKernel': async (file) => {
      const notebook =
        vscode.workspace.notebookDocuments.find(({ uri }) => uri.fsPath === file) ??
        vscode.window.activeNotebookEditor?.notebook;
      if (notebook === undefined) return;
      await kernels.restart(notebook);
      const text = vscode.l10n.t('The kernel was ended; the next cell starts a fresh one.');
      vscode.window.setStatusBarMessage(text, 5000);
    },
    'deepLearningLab.newNotebook': async () => {
      const notebook = await vscode.workspace.openNotebookDocument(freshUri(app));
      const edit = new vscode.WorkspaceEdit();
      const whole = new vscode.NotebookRange(0, notebook.cellCount);
      edit.set(notebook.uri, [vscode.NotebookEdit.replaceCells(whole, firstCells())]);
      await vscode.workspace.applyEdit(edit);
      await vscode.window.showNotebookDocument(notebook, { preview: false });
    },
    'deepLearningLab.exportNotebook': (file) => exportNotebook(app, file),
    'deepLearningLab.showValue': (reference) => {
      const { notebookDocuments } = vscode.workspace;
      const notebook = notebookDocuments.find(({ uri }) => uri.toString() === reference?.notebook);
      if (reference !== undefined && notebook !== undefined) values.show(notebook, reference);
    },
  };
}

/** With a path, so that a save knows where to and keeps the name's ending; free of what is open already. */
function freshUri(app: App): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? path.dirname(app.lab().root);
  const taken = new Set(vscode.workspace.notebookDocuments.map(({ uri }) => uri.fsPath));
  for (let number = 1; ; number++) {
    const file = path.join(folder, `Untitled-${number}${NOTEBOOK_SUFFIX}`);
    if (!taken.has(file)) return vscode.Uri.file(file).with({ scheme: 'untitled' });
  }
}

function firstCells(): vscode.NotebookCellData[] {
  const title = vscode.l10n.t('A new notebook');
  const text = vscode.l10n.t('Write what you want to find out, and try it in the cell below.');
  return [
    toData({ kind: 'markdown', language: 'markdown', text: `# ${title}\n\n${text}` }),
    toData({
      kind: 'code',
      language: 'typescript',
      text: "import { tf } from 'deep-learning-lab';\n\ntf.linspace(-1, 1, 5).square()",
    }),
  ];
}

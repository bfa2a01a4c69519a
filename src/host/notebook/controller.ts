/** The lab's kernel for its own notebooks and for Jupyter's, in VS Code's terms. */
import * as vscode from 'vscode';
import type { App } from '../app/app';
import { EXTENSION_ID, NOTEBOOK_TYPE } from '../app/manifest';
import { restoreOutputs } from './keeping';
import type { Kernels } from './kernels';
import type { ServedNotebooks } from './served';

const LANGUAGES = ['typescript', 'javascript'];

/** Notebooks that may be run, by type: VS Code's own for `.ipynb` beside ours. */
export const NOTEBOOK_TYPES = [NOTEBOOK_TYPE, 'jupyter-notebook'];

export function registerControllers(app: App, kernels: Kernels, served: ServedNotebooks): void {
  for (const type of NOTEBOOK_TYPES) {
    const controller = vscode.notebooks.createNotebookController(
      `${NOTEBOOK_TYPE}.${type}`,
      type,
      vscode.l10n.t('Deep Learning Lab'),
    );
    controller.description = vscode.l10n.t('TypeScript with TensorFlow.js');
    controller.supportedLanguages = LANGUAGES;
    controller.supportsExecutionOrder = true;
    controller.executeHandler = async (cells, notebook) => {
      await kernels.execute(notebook, cells);
    };
    controller.interruptHandler = (notebook) => kernels.interrupt(notebook);
    app.lifetime.add(
      controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        served.choose(notebook, selected);
        if (selected) void begin(app, kernels, notebook);
      }),
    );
    app.lifetime.add(controller);
    kernels.executions.serve(type, controller);
  }
  // Nothing but our kernel runs our notebooks.
  app.lifetime.add(
    vscode.window.onDidChangeActiveNotebookEditor((editor) => {
      if (editor === undefined || !served.isWithoutKernel(editor.notebook)) return;
      const kernel = { id: `${NOTEBOOK_TYPE}.${NOTEBOOK_TYPE}`, extension: EXTENSION_ID };
      void vscode.commands.executeCommand('notebook.selectKernel', { notebookEditor: editor, ...kernel });
    }),
  );
  app.lifetime.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (!focused) return;
      for (const { notebook } of vscode.window.visibleNotebookEditors)
        if (served.has(notebook)) void kernels.meet(notebook);
    }),
  );
  app.lifetime.add(
    // It may have been opened before its kernel is known by the new name.
    kernels.names.onDidRename((files) => {
      for (const notebook of vscode.workspace.notebookDocuments)
        if (files.has(notebook.uri.fsPath) && served.has(notebook)) void begin(app, kernels, notebook);
    }),
  );
}

/** Shows what its kernel is doing, if it lives, and what the cells have shown when it was open before. */
async function begin(app: App, kernels: Kernels, notebook: vscode.NotebookDocument): Promise<void> {
  try {
    await kernels.attach(notebook);
    await restoreOutputs(app, kernels, notebook);
  } catch (error) {
    app.errors.show(error);
  }
}

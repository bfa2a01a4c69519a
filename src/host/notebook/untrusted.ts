import * as vscode from 'vscode';
import type { App } from '../app/app';
import { NOTEBOOK_TYPE } from '../app/manifest';

/** A notebook in a folder that is not trusted is read only, as VS Code says at its editor; trust makes it writable again. */
export function protectUntrusted(app: App): void {
  const locked = new Set<string>();
  const look = (editor = vscode.window.activeNotebookEditor): void => {
    const { uri, notebookType } = editor?.notebook ?? {};
    if (uri === undefined || notebookType !== NOTEBOOK_TYPE) return;
    // A lesson's original, outside of it, is read only for good.
    if (vscode.workspace.getWorkspaceFolder(uri) === undefined) return;
    const { isTrusted } = vscode.workspace;
    if (isTrusted ? !locked.delete(uri.toString()) : locked.has(uri.toString())) return;
    if (!isTrusted) locked.add(uri.toString());
    const action = isTrusted ? 'reset' : 'set';
    void vscode.commands.executeCommand(`workbench.action.files.${action}ActiveEditorReadonlyInSession`);
  };
  app.lifetime.add(vscode.window.onDidChangeActiveNotebookEditor(look));
  app.lifetime.add(
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      look();
    }),
  );
  look();
}

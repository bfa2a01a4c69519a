import * as vscode from 'vscode';

/** Opens a model file where code is edited. */
export async function showModel(modelFile: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(modelFile), {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
}

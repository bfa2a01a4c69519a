import * as vscode from 'vscode';

/** In an untrusted workspace the lab shows; it neither runs code nor writes. */
export class Trust {
  /** True when code may run; otherwise tells the reason and offers to manage trust. */
  allows(): boolean {
    if (vscode.workspace.isTrusted) return true;
    const manage = vscode.l10n.t('Manage Trust');
    void vscode.window
      .showWarningMessage(
        vscode.l10n.t(
          'Training runs the code of a model file, and this workspace is not trusted. Until it is, lessons and earlier runs can be read only.',
        ),
        manage,
      )
      .then((chosen) => {
        if (chosen === manage) void vscode.commands.executeCommand('workbench.trust.manage');
      });
    return false;
  }
}

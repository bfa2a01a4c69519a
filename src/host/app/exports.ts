import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { exportCsv } from '../../runFolder/export/csv';

/** Asks where to, writes, and offers to open the folder. */
async function save(
  name: string,
  kind: string,
  write: (file: string) => Promise<void>,
  beside?: string,
): Promise<void> {
  const extension = path.extname(name).slice(1);
  const first = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(os.homedir());
  const base = beside === undefined ? first : vscode.Uri.file(beside);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(base, path.basename(name)),
    filters: { [kind]: [extension] },
  });
  if (target === undefined) return;
  await write(target.fsPath);
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Written to {0}.', vscode.workspace.asRelativePath(target)),
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}

export async function savePng(name: string, base64: string): Promise<void> {
  await save(name, 'PNG', async (file) => {
    await vscode.workspace.fs.writeFile(vscode.Uri.file(file), Buffer.from(base64, 'base64'));
  });
}

/** @param beside the folder that is offered */
export async function saveText(name: string, kind: string, beside: string, text: () => Promise<string>): Promise<void> {
  const write = async (file: string): Promise<void> => {
    await vscode.workspace.fs.writeFile(vscode.Uri.file(file), Buffer.from(await text()));
  };
  await save(name, kind, write, beside);
}

export async function saveCsv(runFolder: string): Promise<void> {
  await save(`${path.basename(runFolder)}.csv`, 'CSV', async (file) => {
    await exportCsv(runFolder, file);
  });
}

/** Under which name a notebook's kernel goes: that of its file, or the one that the file had when its kernel was started. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app/app';

const RENAMED = 'renamedNotebooks';
/** Kernels that are gone since are not looked for. */
const MOST = 100;

export class KernelNames {
  private readonly changed = new vscode.EventEmitter<ReadonlySet<string>>();
  /** Files have these names from now on. */
  readonly onDidRename = this.changed.event;

  constructor(private readonly app: App) {
    app.lifetime.add(this.changed);
    app.lifetime.add(
      vscode.workspace.onDidRenameFiles(async ({ files }) => {
        for (const { oldUri, newUri } of files) await this.rename(oldUri.fsPath, newUri.fsPath);
      }),
    );
  }

  projectAt(file: string): string {
    return this.renamed()[file] ?? path.resolve(file);
  }

  /** A folder takes its notebooks with it. */
  private async rename(from: string, to: string): Promise<void> {
    const open = vscode.workspace.notebookDocuments.map(({ uri }) => uri.fsPath);
    const moved = new Set(
      [...open, ...Object.keys(this.renamed())].filter((file) => isWithin(from, file)).concat(from),
    );
    const names = { ...this.renamed() };
    const fresh = new Set<string>();
    for (const file of moved) {
      const name = path.join(to, path.relative(from, file));
      fresh.add(name);
      names[name] = this.projectAt(file);
      // Whatever gets that name next is another notebook.
      names[file] = path.join(path.dirname(file), `${Date.now().toString(36)}-${path.basename(file)}`);
    }
    await this.app.workspaceMemory.update(RENAMED, Object.fromEntries(Object.entries(names).slice(-MOST)));
    this.changed.fire(fresh);
  }

  private renamed(): Readonly<Record<string, string>> {
    return this.app.workspaceMemory.get<Record<string, string>>(RENAMED, {});
  }
}

function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

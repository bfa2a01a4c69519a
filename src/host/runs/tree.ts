import * as vscode from 'vscode';
import type { App } from '../app/app';
import { RUNS_VIEW } from '../app/manifest';
import type { RunHistory } from './history';
import { RunItem } from './item';

/** A run that trains changes many times a second; the view need not. */
const REFRESH_MS = 500;

export function registerRunsView(app: App, history: RunHistory): void {
  const provider = new RunTree(history, app.locale);
  app.lifetime.add(provider);
  app.lifetime.add(
    vscode.window.createTreeView(RUNS_VIEW, {
      treeDataProvider: provider,
      canSelectMany: true,
      showCollapseAll: false,
    }),
  );
}

class RunTree implements vscode.TreeDataProvider<RunItem>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<RunItem | undefined>();
  private readonly subscription: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly history: RunHistory,
    private readonly locale: string,
  ) {
    this.subscription = history.onDidChange(() => {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.changed.fire(undefined);
      }, REFRESH_MS);
    });
  }

  async getChildren(parent?: RunItem): Promise<RunItem[]> {
    if (parent !== undefined) return [];
    return (await this.history.list()).map((run) => new RunItem(run, this.locale));
  }

  getTreeItem(item: RunItem): vscode.TreeItem {
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.changed.dispose();
  }
}

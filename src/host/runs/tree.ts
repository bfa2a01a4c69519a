import * as vscode from 'vscode';
import { isMadeHere } from '../../files/seal';
import type { StoredRun } from '../../runFolder/runs';
import type { App } from '../app/app';
import { RUNS_VIEW } from '../app/manifest';
import type { LessonLibrary } from '../state/library';
import type { RunHistory } from '../state/history';
import { RunItem, UnreadableItem } from './item';

/** A run that trains changes many times a second; the view need not. */
const REFRESH_MS = 500;
/** How long ago a run was is told in minutes; those of the first minute may be this old. */
const AGE_MS = 15_000;

export function registerRunsView(app: App, history: RunHistory, library: LessonLibrary): void {
  const provider = new RunTree(app, history, library);
  app.lifetime.add(provider);
  const view = app.lifetime.add(
    vscode.window.createTreeView(RUNS_VIEW, {
      treeDataProvider: provider,
      canSelectMany: true,
      showCollapseAll: false,
    }),
  );
  const aging = setInterval(() => {
    if (view.visible) provider.age();
  }, AGE_MS);
  app.lifetime.add({
    dispose: () => {
      clearInterval(aging);
    },
  });
}

type Item = RunItem | UnreadableItem;

class RunTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Item | undefined>();
  private readonly subscription: vscode.Disposable;
  /** What is shown, by run folder. */
  private readonly items = new Map<string, RunItem>();
  /** What has changed since; undefined among them: which runs there are. */
  private readonly waiting = new Map<string | undefined, StoredRun | undefined>();
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly history: RunHistory,
    private readonly library: LessonLibrary,
  ) {
    this.subscription = history.onDidChange((run) => {
      this.waiting.set(run?.folder, run);
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.update();
      }, REFRESH_MS);
    });
  }

  async getChildren(parent?: Item): Promise<Item[]> {
    if (parent !== undefined) return [];
    // Titles of lessons stand in for those of runs that never got one.
    const [runs, unreadable] = await Promise.all([
      this.history.list(),
      this.history.unreadable(),
      this.library.catalogue(),
    ]);
    this.items.clear();
    for (const run of runs) this.items.set(run.folder, this.item(run));
    this.app.contexts.set('deepLearningLab.runsRead', true);
    // Those that are pinned first, in their order.
    const items = [...this.items.values()].sort((one, other) => Number(other.pinned) - Number(one.pinned));
    return [...items, ...unreadable.map((run) => new UnreadableItem(run))];
  }

  private item(run: StoredRun): RunItem {
    return new RunItem(run, this.library.titleOf(run.record), !isMadeHere(run.folder));
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return item;
  }

  /** Says anew how long ago each run was. */
  age(): void {
    for (const item of this.items.values()) if (item.age()) this.changed.fire(item);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.changed.dispose();
  }

  /** Only what looks different is drawn again. */
  private update(): void {
    const changes = [...this.waiting.values()];
    this.waiting.clear();
    if (changes.includes(undefined)) {
      this.changed.fire(undefined);
      return;
    }
    for (const run of changes) {
      const item = run === undefined ? undefined : this.items.get(run.folder);
      if (run !== undefined && item?.take(run, this.library.titleOf(run.record)) === true) this.changed.fire(item);
    }
  }
}

/** The Variables view: what the cells of the notebook in sight have named, and what it takes. */
import * as vscode from 'vscode';
import type { TrainerConnection } from '../../../client/processes/connection';
import { toErrorData } from '../../../protocol/errors';
import type { Variables } from '../../../protocol/kernel';
import { bytes, count } from '../../../words/numbers';
import type { App } from '../../app/app';
import { VARIABLES_VIEW, type KernelState } from '../../app/manifest';
import type { TrainerPool } from '../../state/pool';
import type { Kernels } from '../kernels';
import type { ServedNotebooks } from '../served';
import { MoreItem, ValueItem } from './item';

interface Services {
  readonly app: App;
  readonly pool: TrainerPool;
  readonly kernels: Kernels;
  readonly served: ServedNotebooks;
}

type Item = ValueItem | MoreItem;

/** Read anew when a cell has ended, and when another notebook comes into sight; not while nobody sees the view. */
export class VariablesView implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Item>;
  private readonly listeners: vscode.Disposable;
  private notebook: vscode.NotebookDocument | undefined;
  /** Whose variables are listed; undefined: nobody's. */
  private trainer: TrainerConnection | undefined;
  private items: Item[] = [];
  private state: KernelState = 'none';
  /** Counts readings: only the last one is shown. */
  private reading = 0;
  private stale = false;

  constructor(private readonly services: Services) {
    const { pool, kernels, served } = services;
    this.view = vscode.window.createTreeView(VARIABLES_VIEW, { treeDataProvider: this, showCollapseAll: true });
    const look = (): void => {
      this.look();
    };
    this.listeners = vscode.Disposable.from(
      this.view,
      this.changed,
      vscode.window.onDidChangeActiveNotebookEditor(look),
      vscode.window.onDidChangeVisibleNotebookEditors(look),
      served.onDidChange(look),
      kernels.onDidEnd(({ notebook }) => {
        if (notebook === this.notebook) this.refresh();
      }),
      // A kernel has come or gone; whatever else it tells is no news here.
      pool.onDidChange(({ project }) => {
        const { notebook } = this;
        if (notebook === undefined || kernels.projectOf(notebook) !== project) return;
        if (kernels.trainerOf(notebook) !== this.trainer) this.refresh();
      }),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible && this.stale) this.refresh();
      }),
    );
    this.look();
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return item;
  }

  async getChildren(parent?: Item): Promise<Item[]> {
    if (parent === undefined) return this.items;
    if (parent instanceof MoreItem || this.trainer === undefined) return [];
    try {
      const { list, more } = await this.trainer.request('kernel/parts', { path: parent.reference.path });
      const parts = list.map((part, place) => new ValueItem(parent.part(place, part.name), part));
      return more > 0 ? [...parts, new MoreItem(more)] : parts;
    } catch (error) {
      // What it was has gone meanwhile: the whole is read anew.
      this.write(error);
      return [];
    }
  }

  dispose(): void {
    this.listeners.dispose();
  }

  private look(): void {
    const notebook = this.inSight();
    if (notebook === this.notebook) return;
    this.notebook = notebook;
    this.state = 'none';
    this.refresh();
  }

  /** The active one; one that was it and still can be seen; else any that can be. */
  private inSight(): vscode.NotebookDocument | undefined {
    const { served } = this.services;
    const active = vscode.window.activeNotebookEditor?.notebook;
    if (active !== undefined && served.has(active)) return active;
    const seen = vscode.window.visibleNotebookEditors.map(({ notebook }) => notebook).filter((one) => served.has(one));
    return seen.find((one) => one === this.notebook) ?? seen[0];
  }

  private refresh(): void {
    const { app, kernels } = this.services;
    const { notebook } = this;
    const trainer = notebook === undefined ? undefined : kernels.trainerOf(notebook);
    this.trainer = trainer;
    this.state = next(this.state, notebook, trainer);
    app.contexts.set('deepLearningLab.kernel', this.state);
    this.reading++;
    if (notebook === undefined || trainer === undefined) {
      this.stale = false;
      this.show(undefined);
      return;
    }
    this.stale = !this.view.visible;
    if (this.stale) return;
    this.read(notebook, trainer, this.reading).catch((error: unknown) => {
      this.write(error);
    });
  }

  private async read(notebook: vscode.NotebookDocument, trainer: TrainerConnection, reading: number): Promise<void> {
    const variables = await trainer.request('kernel/variables', {});
    if (reading === this.reading) this.show({ notebook, variables });
  }

  private show(told: { readonly notebook: vscode.NotebookDocument; readonly variables: Variables } | undefined): void {
    const { list = [], tensors } = told?.variables ?? {};
    const notebook = told?.notebook.uri.toString() ?? '';
    this.items = list.map(
      (variable) => new ValueItem({ notebook, path: [variable.name], label: variable.name }, variable),
    );
    this.view.description = tensors === undefined ? '' : tensorsText(tensors);
    this.changed.fire(undefined);
  }

  /** For the log: a kernel that is gone is told by the view itself. */
  private write(error: unknown): void {
    this.services.app.errors.write(toErrorData(error));
  }
}

function next(
  state: KernelState,
  notebook: vscode.NotebookDocument | undefined,
  trainer: TrainerConnection | undefined,
): KernelState {
  if (notebook === undefined) return 'none';
  if (trainer !== undefined) return 'alive';
  return state === 'alive' || state === 'ended' ? 'ended' : 'absent';
}

function tensorsText({ count: alive, bytes: size }: Variables['tensors']): string {
  return alive === 1
    ? vscode.l10n.t('1 tensor, {0}', bytes(size))
    : vscode.l10n.t('{0} tensors, {1}', count(alive), bytes(size));
}

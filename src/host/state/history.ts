import path from 'node:path';
import * as vscode from 'vscode';
import { listRuns, readRun, type Runs, type StoredRun, type UnreadableRun } from '../../runFolder/runs';
import type { App } from '../app/app';
import { onSettingChange } from '../app/settings';
import type { TrainerPool } from './pool';

type Listing = Runs & { readonly runs: StoredRun[] };

/** The runs on disk, newest first: of this window, of other windows, of the command line. Read when asked for. */
export class RunHistory {
  private readonly changed = new vscode.EventEmitter<StoredRun | undefined>();
  private listing: Promise<Listing> | undefined;
  private watcher: vscode.FileSystemWatcher | undefined;

  /** One run changed, or (undefined) any may have come or gone. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly pool: TrainerPool,
  ) {
    app.lifetime.add(this.changed);
    app.lifetime.add({
      dispose: () => {
        this.watcher?.dispose();
      },
    });
    app.lifetime.add(
      pool.onDidChange(({ run }) => {
        if (run !== undefined) void this.replace(run);
      }),
    );
    const moved = (): void => {
      this.watcher?.dispose();
      this.watcher = undefined;
      this.refresh();
    };
    app.lifetime.add(onSettingChange(['deepLearningLab.folder'], moved));
    app.lifetime.add(vscode.workspace.onDidChangeWorkspaceFolders(moved));
  }

  async list(): Promise<readonly StoredRun[]> {
    return (await this.all()).runs;
  }

  /** Folders that are no readable runs. */
  async unreadable(): Promise<readonly UnreadableRun[]> {
    return (await this.all()).unreadable;
  }

  private async all(): Promise<Runs> {
    this.watch();
    this.listing ??= this.read();
    return await this.listing;
  }

  refresh(): void {
    this.listing = undefined;
    this.changed.fire(undefined);
  }

  private async read(): Promise<Listing> {
    const { runs, unreadable } = await listRuns(this.app.lab().runs);
    for (const { problem } of unreadable) this.app.errors.write(problem);
    return { runs: [...runs], unreadable };
  }

  /** What is known of one run, without reading the others again. */
  private async replace(run: StoredRun): Promise<void> {
    const listing = await this.listing?.catch(() => undefined);
    if (listing === undefined) return;
    const { runs } = listing;
    const index = runs.findIndex(({ folder }) => folder === run.folder);
    if (index === -1) {
      this.refresh();
      return;
    }
    runs[index] = { folder: run.folder, record: run.record };
    this.changed.fire(runs[index]);
  }

  private watch(): void {
    if (this.watcher !== undefined) return;
    const { own } = this.app.lab();
    const pattern = new vscode.RelativePattern(vscode.Uri.file(own), 'runs/*/{run.json,pinned}');
    this.watcher = vscode.workspace.createFileSystemWatcher(pattern);
    this.watcher.onDidCreate(() => {
      this.refresh();
    });
    this.watcher.onDidDelete(() => {
      this.refresh();
    });
    this.watcher.onDidChange((uri) => {
      const folder = path.dirname(uri.fsPath);
      // Of our own runs the trainer tells us faster than the disk.
      if (this.pool.ofRun(folder) !== undefined) return;
      readRun(folder).then(
        (record) => this.replace({ folder, record }),
        // It was a run and is none any more: the list shows it as what it is.
        () => {
          this.refresh();
        },
      );
    });
  }
}

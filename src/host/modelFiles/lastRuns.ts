import * as vscode from 'vscode';
import type { StoredRun } from '../../runFolder/runs';
import { ACTIVE_STATES } from '../../protocol/run';
import type { App } from '../app/app';
import type { RunHistory } from '../state/history';

/** The last run of each model file that has ended. Known at once: the list is read beforehand, and again when it changes. */
export class LastRuns {
  private byFile: ReadonlyMap<string, StoredRun> = new Map();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly history: RunHistory,
  ) {
    app.lifetime.add(this.changed);
    app.lifetime.add(
      history.onDidChange(() => {
        this.refresh();
      }),
    );
  }

  of(modelFile: string): StoredRun | undefined {
    return this.byFile.get(modelFile);
  }

  refresh(): void {
    void this.history.list().then(
      (runs) => {
        const latest = new Map<string, StoredRun>();
        for (const run of runs) {
          const { modelFile, state } = run.record;
          // The newest come first.
          if (!ACTIVE_STATES.has(state) && !latest.has(modelFile)) latest.set(modelFile, run);
        }
        const same =
          latest.size === this.byFile.size &&
          [...latest].every(([file, { folder, record }]) => {
            const before = this.byFile.get(file);
            return before?.folder === folder && before.record.state === record.state;
          });
        this.byFile = latest;
        if (!same) this.changed.fire();
      },
      (error: unknown) => {
        this.app.errors.show(error);
      },
    );
  }
}

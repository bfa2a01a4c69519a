import * as vscode from 'vscode';
import { LabError, toErrorData } from '../../protocol/errors';
import type { ModelInspection } from '../../protocol/modelInspection';
import type { App } from '../app/app';
import { onSettingChange, setting } from '../app/settings';
import { isModelFile } from '../app/documents';
import type { Analyses } from './analyses';
import type { Workers } from '../state/workers';
import { edited, NOTHING, resultOf, type Result } from './results';

/** A pause in typing. */
const PAUSE_MS = 400;
/** Where no process can be had, it is not tried at each key press. */
const RETRY_MS = 30_000;

interface State {
  result: Result;
  /** The version that is built, or was built last. */
  version: number;
  busy: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Has the models of visible model files built, when they are opened, saved, or typing pauses. */
export class Inspections {
  private readonly states = new Map<vscode.TextDocument, State>();
  private readonly changed = new vscode.EventEmitter<vscode.TextDocument>();
  private notBefore = 0;

  /** What is known of a document is new, has moved, or is gone. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly workers: Workers,
    private readonly analyses: Analyses,
  ) {
    const { lifetime } = app;
    lifetime.add(this.changed);
    lifetime.add({
      dispose: () => {
        for (const { timer } of this.states.values()) clearTimeout(timer);
      },
    });
    lifetime.add(
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.lookAround();
      }),
    );
    lifetime.add(
      // Also one that was shown as plain text before its language was known.
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.schedule(document, 0);
      }),
    );
    lifetime.add(
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.follow(event);
      }),
    );
    lifetime.add(
      vscode.workspace.onDidSaveTextDocument((document) => {
        this.schedule(document, 0, true);
      }),
    );
    lifetime.add(
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.forget(document);
      }),
    );
    lifetime.add(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.lookAround();
      }),
    );
    lifetime.add(
      onSettingChange(['deepLearningLab.modelFiles.inspect'], () => {
        for (const document of [...this.states.keys()]) this.forget(document);
        this.lookAround();
      }),
    );
    this.lookAround();
  }

  of(document: vscode.TextDocument): Result {
    return this.states.get(document)?.result ?? NOTHING;
  }

  /** Building runs the model file's code. */
  private get allowed(): boolean {
    return vscode.workspace.isTrusted && setting('deepLearningLab.modelFiles.inspect');
  }

  private lookAround(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (this.states.get(document)?.version !== document.version) this.schedule(document, 0);
    }
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const state = this.states.get(document);
    if (state !== undefined && contentChanges.length > 0) {
      const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        offset: rangeOffset,
        length: rangeLength,
        text,
      }));
      state.result = edited(state.result, changes);
      this.changed.fire(document);
    }
    if (contentChanges.length > 0) this.schedule(document, PAUSE_MS);
  }

  /** @param again Although this very text was built: what it imports may have changed. */
  private schedule(document: vscode.TextDocument, delay: number, again = false): void {
    if (!this.allowed || !isVisible(document) || !isModelFile(document)) {
      if (this.states.has(document) && !isModelFile(document)) this.forget(document);
      return;
    }
    const state = this.states.get(document) ?? { result: NOTHING, version: -1, busy: false, timer: undefined };
    this.states.set(document, state);
    if (again) state.version = -1;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      void this.inspect(document, state).catch((error: unknown) => {
        this.app.errors.show(error);
      });
    }, delay);
  }

  /** One at a time for each document; what was typed meanwhile comes next. */
  private async inspect(document: vscode.TextDocument, state: State): Promise<void> {
    if (state.busy || state.version === document.version) return;
    const { version } = document;
    const text = document.getText();
    const file = document.uri.fsPath;
    state.busy = true;
    state.version = version;
    try {
      const analysis = await this.analyses.of(document);
      const inspection = await this.ask(file, text);
      if (inspection !== undefined && document.version === version && this.states.get(document) === state) {
        state.result = resultOf(text, analysis, inspection, file, this.app.locale);
        this.changed.fire(document);
      }
      if (inspection === undefined && this.wait > 0) state.version = -1;
    } finally {
      state.busy = false;
    }
    if (document.version !== version && !document.isClosed) this.schedule(document, 0);
    else if (state.version !== version && this.states.get(document) === state) this.schedule(document, this.wait);
  }

  /** Until a process is asked for again, in milliseconds. */
  private get wait(): number {
    return Math.max(0, this.notBefore - Date.now());
  }

  /** Undefined when no process can be had now, with the reason in the log, or none any more. */
  private async ask(modelFile: string, source: string): Promise<ModelInspection | undefined> {
    if (this.wait > 0) return undefined;
    try {
      const { inspectModel } = await import('../../client/source/inspect');
      return await inspectModel(await this.workers.of(modelFile, 'inspection'), { modelFile, source });
    } catch (error) {
      if (error instanceof LabError && error.code === 'CANCELLED') return undefined;
      this.app.errors.write(toErrorData(error));
      this.notBefore = Date.now() + RETRY_MS;
      return undefined;
    }
  }

  private forget(document: vscode.TextDocument): void {
    const state = this.states.get(document);
    if (state === undefined) return;
    clearTimeout(state.timer);
    this.states.delete(document);
    this.changed.fire(document);
  }
}

function isVisible(document: vscode.TextDocument): boolean {
  return vscode.window.visibleTextEditors.some((editor) => editor.document === document);
}

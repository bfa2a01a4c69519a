/** What the outputs of a notebook ask of the window: a run's points, further pages, and that the cells run again. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { TrainerConnection } from '../../client/processes/connection';
import { assertNever, toErrorData } from '../../protocol/errors';
import type { HostToOutput, OutputToHost } from '../../protocol/output';
import type { App } from '../app/app';
import { execute } from '../app/commands';
import { OUTPUT_RENDERER, type CommandId } from '../app/manifest';
import { askForPicture } from '../state/askForPicture';
import { RunFeed } from '../state/feed';
import type { TrainerPool } from '../state/pool';
import { isActive } from '../state/session';
import { runMessage } from '../../client/notebook/runMessage';

/** The kernels' side of it. */
export interface Cells {
  /** Undefined where the notebook has no kernel now. */
  trainerOf(notebook: vscode.NotebookDocument): TrainerConnection | undefined;
  /** Runs those cells again that use one of the names; what still runs of them for an older value is cancelled. */
  runUsersOf(notebook: vscode.NotebookDocument, names: readonly string[]): Promise<void>;
}

export function serveOutputs(app: App, pool: TrainerPool, cells: Cells): void {
  const messaging = vscode.notebooks.createRendererMessaging(OUTPUT_RENDERER);
  const pages = new Map<vscode.NotebookEditor, OutputPage>();
  const pageOf = (editor: vscode.NotebookEditor): OutputPage => {
    let page = pages.get(editor);
    if (page === undefined) {
      const post = (message: HostToOutput): PromiseLike<unknown> => messaging.postMessage(message, editor);
      page = new OutputPage(app, pool, cells, editor.notebook, post);
      pages.set(editor, page);
    }
    return page;
  };
  app.lifetime.add(
    messaging.onDidReceiveMessage(({ editor, message }) => {
      pageOf(editor)
        .received(message as OutputToHost)
        .catch((error: unknown) => {
          app.errors.show(error);
        });
    }),
  );
  app.lifetime.add(
    vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      for (const [editor, page] of pages) {
        if (editor.notebook !== notebook) continue;
        page.dispose();
        pages.delete(editor);
      }
    }),
  );
  app.lifetime.add({
    dispose: () => {
      for (const page of pages.values()) page.dispose();
    },
  });
}

type RunAction = Extract<OutputToHost, { readonly type: 'run' }>['action'];

const RUN_COMMANDS = {
  pause: 'deepLearningLab.pause',
  resume: 'deepLearningLab.resume',
  step: 'deepLearningLab.step',
  stop: 'deepLearningLab.stop',
  open: 'deepLearningLab.openRun',
} as const satisfies Record<RunAction, CommandId>;

/** The outputs of one editor, or of a page of their own. */
export class OutputPage implements vscode.Disposable {
  /** By the run's folder. */
  private readonly feeds = new Map<string, RunFeed>();
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly app: App,
    private readonly pool: TrainerPool,
    private readonly cells: Cells,
    private readonly notebook: vscode.NotebookDocument,
    private readonly post: (message: HostToOutput) => PromiseLike<unknown>,
  ) {
    this.subscription = pool.onDidChange((session) => {
      this.sessionChanged(session.run?.folder);
    });
  }

  async received(message: OutputToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.post({ type: 'texts', bundle: vscode.l10n.bundle, language: this.app.locale });
        return;
      case 'follow':
        this.follow(message.folder);
        return;
      case 'unfollow':
        this.feeds.get(message.folder)?.dispose();
        this.feeds.delete(message.folder);
        return;
      case 'page': {
        const { request, handle, from, count } = message;
        const answer = await this.cells
          .trainerOf(this.notebook)
          ?.request('kernel/page', { handle, from, count })
          // The page says that it is gone; why stands in the log.
          .catch((error: unknown) => {
            this.app.errors.write(toErrorData(error));
            return undefined;
          });
        await this.post({ type: 'page', request, page: answer?.page });
        return;
      }
      case 'control': {
        const { control, value } = message;
        const answer = await this.cells.trainerOf(this.notebook)?.request('kernel/setControl', { control, value });
        if (answer !== undefined) await this.cells.runUsersOf(this.notebook, answer.names);
        return;
      }
      case 'run':
        await execute(RUN_COMMANDS[message.action], message.folder);
        return;
      case 'learningRate': {
        const session = this.pool.ofRun(message.folder);
        if (!isActive(session)) return;
        const { learningRate } = message;
        await session.trainer.request('run/setLearningRate', { runId: session.run.record.id, learningRate });
        return;
      }
      case 'setPicture': {
        const { folder, settings } = message;
        const error = await askForPicture(this.pool, folder, settings);
        if (error === undefined) return;
        const refused = { type: 'refused', key: folder, picture: settings.kind, error } as const;
        await this.post({ type: 'run', folder, message: refused });
        return;
      }
      default:
        assertNever(message);
    }
  }

  dispose(): void {
    this.subscription.dispose();
    for (const feed of this.feeds.values()) feed.dispose();
    this.feeds.clear();
  }

  private sessionChanged(folder: string | undefined): void {
    const feed = folder === undefined ? undefined : this.feeds.get(folder);
    const session = folder === undefined ? undefined : this.pool.ofRun(folder);
    if (feed === undefined) return;
    this.guard(feed.follow(session?.trainer));
    if (session?.run !== undefined) feed.takeRecord(session.run.record);
  }

  /** From the beginning, whoever followed it before: the page draws anew what it is told anew. */
  private follow(folder: string): void {
    this.feeds.get(folder)?.dispose();
    this.feeds.delete(folder);
    // An output may come from elsewhere, and name any folder.
    if (path.dirname(path.resolve(folder)) !== this.app.lab().runs) return;
    const feed = new RunFeed(
      folder,
      (messages) =>
        Promise.all(messages.map((message) => this.post({ type: 'run', folder, message: runMessage(message) }))),
      (record) => {
        const message = { type: 'show', run: { key: folder, record }, lesson: null } as const;
        void this.post({ type: 'run', folder, message });
      },
    );
    this.feeds.set(folder, feed);
    this.guard(feed.follow(this.pool.ofRun(folder)?.trainer));
  }

  /** A run that is gone has no curves: its output keeps the figures that it came with. */
  private guard(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.app.errors.write(toErrorData(error));
    });
  }
}

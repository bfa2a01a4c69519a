import * as vscode from 'vscode';
import { LabError, toErrorData } from '../../../protocol/errors';
import type { CellOutput } from '../../../protocol/kernel';
import type { HostToValue, OutputToHost } from '../../../protocol/output';
import type { App } from '../../app/app';
import { errorText } from '../../app/errors';
import { VALUE_VIEW_TYPE } from '../../app/manifest';
import { fillPage } from '../../app/page';
import type { ValueReference } from '../../app/subjects';
import type { TrainerPool } from '../../state/pool';
import type { Kernels } from '../kernels';
import { OutputPage } from '../outputs';

interface Shown {
  readonly reference: ValueReference;
  readonly notebook: vscode.NotebookDocument;
  readonly page: OutputPage;
}

/** A page that shows one value as a cell would, beside the notebook; one a window. It follows the value from cell to cell. */
export class ValuePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private isReady = false;
  private shown: Shown | undefined;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly app: App,
    private readonly pool: TrainerPool,
    private readonly kernels: Kernels,
  ) {
    this.listening = kernels.onDidEnd(({ notebook }) => {
      if (notebook === this.shown?.notebook) void this.tell();
    });
  }

  show(notebook: vscode.NotebookDocument, reference: ValueReference): void {
    this.shown?.page.dispose();
    const post = (message: HostToValue): Thenable<unknown> => this.post(message);
    const page = new OutputPage(this.app, this.pool, this.kernels, notebook, post);
    this.shown = { notebook, reference, page };
    const panel = this.open();
    panel.title = reference.label;
    panel.reveal(undefined, true);
    void this.tell();
  }

  dispose(): void {
    this.listening.dispose();
    this.panel?.dispose();
  }

  private open(): vscode.WebviewPanel {
    if (this.panel !== undefined) return this.panel;
    const panel = vscode.window.createWebviewPanel(
      VALUE_VIEW_TYPE,
      '',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true },
    );
    this.panel = panel;
    panel.webview.onDidReceiveMessage((message: OutputToHost) => {
      this.received(message).catch((error: unknown) => {
        this.app.errors.show(error);
      });
    });
    panel.onDidChangeViewState(() => {
      // A page that is hidden is taken away by VS Code, and loads again when it is seen.
      if (!panel.visible) this.isReady = false;
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.isReady = false;
      this.shown?.page.dispose();
      this.shown = undefined;
    });
    fillPage(this.app, panel, 'value');
    return panel;
  }

  private async received(message: OutputToHost): Promise<void> {
    await this.shown?.page.received(message);
    if (message.type !== 'ready') return;
    this.isReady = true;
    await this.tell();
  }

  /** Tells the page the value as it is now, or why it cannot be had. */
  private async tell(): Promise<void> {
    const { shown } = this;
    if (shown === undefined || !this.isReady) return;
    const { label } = shown.reference;
    let message: HostToValue;
    try {
      message = { type: 'value', label, output: await this.read(shown) };
    } catch (error) {
      const data = toErrorData(error);
      this.app.errors.write(data);
      message = { type: 'value', label, problem: errorText(data) };
    }
    if (this.shown === shown) await this.post(message);
  }

  private async read({ notebook, reference }: Shown): Promise<CellOutput> {
    const trainer = this.kernels.trainerOf(notebook);
    if (trainer === undefined) throw noKernel();
    return await trainer.request('kernel/value', { path: reference.path });
  }

  private async post(message: HostToValue): Promise<unknown> {
    return await this.panel?.webview.postMessage(message);
  }
}

function noKernel(): LabError {
  return new LabError({
    code: 'KERNEL_GONE',
    message: vscode.l10n.t('The notebook’s kernel has ended, and its variables with it.'),
    remedy: vscode.l10n.t('Run the cells again.'),
  });
}

/** Check Set-up in VS Code: a document that is read, searched and copied like any other, with what can be done above its lines. */
import * as vscode from 'vscode';
import type { Finding, FindingAction } from '../../client/machine/finding';
import type { App } from '../app/app';
import { commandOf, type CommandHandlers } from '../app/commands';
import { SETUP_SCHEME, type Settings } from '../app/manifest';
import { withCancellableProgress } from '../app/progress';
import { ownData, trainerOptions } from '../state/options';

interface Shown {
  readonly text: string;
  /** Where the heading of each finding stands. */
  readonly lines: ReadonlyMap<Finding, number>;
}

export function setupCommands(
  app: App,
): Pick<CommandHandlers, 'deepLearningLab.checkSetup' | 'deepLearningLab.copySetup'> {
  const report = app.lifetime.add(new SetupReport(app));
  return { 'deepLearningLab.checkSetup': () => report.check(), 'deepLearningLab.copySetup': () => report.copy() };
}

class SetupReport implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly lensesChanged = new vscode.EventEmitter<void>();
  private readonly uri: vscode.Uri;
  private readonly registered: vscode.Disposable;
  private shown: Shown | undefined;
  readonly onDidChange = this.changed.event;
  readonly onDidChangeCodeLenses = this.lensesChanged.event;

  constructor(private readonly app: App) {
    this.uri = vscode.Uri.from({ scheme: SETUP_SCHEME, path: `/${vscode.l10n.t('Check Set-up')}.md` });
    this.registered = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SETUP_SCHEME, this),
      vscode.languages.registerCodeLensProvider({ scheme: SETUP_SCHEME }, this),
      this.changed,
      this.lensesChanged,
    );
  }

  async check(): Promise<void> {
    this.shown = await withCancellableProgress(vscode.l10n.t('Checking the set-up …'), (_, token) =>
      this.collect(token),
    );
    this.changed.fire(this.uri);
    this.lensesChanged.fire();
    const document = await vscode.workspace.openTextDocument(this.uri);
    await vscode.window.showTextDocument(document, { preview: false });
  }

  async copy(): Promise<void> {
    if (this.shown === undefined) await this.check();
    await vscode.env.clipboard.writeText(this.shown?.text ?? '');
    vscode.window.setStatusBarMessage(vscode.l10n.t('The report is in the clipboard.'), 3000);
  }

  /** One that VS Code opens again after a reload was not asked for anew: it says what to do. */
  provideTextDocumentContent(): string {
    return this.shown?.text ?? `${vscode.l10n.t('Nothing has been checked since this window was loaded.')}\n`;
  }

  provideCodeLenses(): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    const again = new vscode.CodeLens(top, commandOf(vscode.l10n.t('Check Again'), 'deepLearningLab.checkSetup'));
    if (this.shown === undefined) return [again];
    const copy = new vscode.CodeLens(top, commandOf(vscode.l10n.t('Copy'), 'deepLearningLab.copySetup'));
    const actions = [...this.shown.lines].flatMap(([{ action }, line]) =>
      action === undefined ? [] : [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), actionCommand(action))],
    );
    return [copy, again, ...actions];
  }

  dispose(): void {
    this.registered.dispose();
  }

  private async collect(token: vscode.CancellationToken): Promise<Shown> {
    const { checkSetup, reportText, thisMachine } = await import('../../client/machine/check');
    const { app } = this;
    const machine = thisMachine({
      paths: app.paths,
      version: app.version,
      lab: app.lab(),
      trainer: trainerOptions(app, app.lab().root),
      ...ownData(),
      storage: app.storage.fsPath,
      editor: {
        version: vscode.version,
        proxy: vscode.workspace.getConfiguration('http').get<string>('proxy') ?? '',
        trusted: vscode.workspace.isTrusted,
      },
    });
    return reportText(await checkSetup(machine, token), machine);
  }
}

function actionCommand(action: FindingAction): vscode.Command {
  switch (action) {
    case 'prepareEngine':
      return commandOf(vscode.l10n.t('Prepare Engine'), 'deepLearningLab.prepareEngine');
    case 'prepareGpuEngine':
      return commandOf(vscode.l10n.t('Prepare for the GPU'), 'deepLearningLab.prepareGpuEngine');
    case 'getLanguageModel':
      return commandOf(vscode.l10n.t('Get Language Model'), 'deepLearningLab.getLanguageModel');
    case 'diskSpace':
      return commandOf(vscode.l10n.t('Disk Space'), 'deepLearningLab.diskSpace');
    case 'dataSetting':
      return openSetting('deepLearningLab.data.directory');
    case 'memorySetting':
      return openSetting('deepLearningLab.trainer.memoryLimit');
    case 'trust':
      return { title: vscode.l10n.t('Manage Trust'), command: 'workbench.trust.manage' };
  }
}

const openSetting = (id: keyof Settings): vscode.Command => ({
  title: vscode.l10n.t('Open Setting'),
  command: 'workbench.action.openSettings',
  arguments: [id],
});

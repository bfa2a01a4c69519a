import * as vscode from 'vscode';
import { isModelFile } from '../app/documents';
import { tooltip } from '../runs/item';
import { commandLink } from '../app/commands';
import type { Analyses } from './analyses';
import type { LastRuns } from './lastRuns';

/** On the word `experiment`: its last run. */
export class ExperimentHover implements vscode.HoverProvider {
  constructor(
    private readonly analyses: Analyses,
    private readonly lastRuns: LastRuns,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!isModelFile(document)) return undefined;
    const { experiment } = await this.analyses.of(document);
    if (experiment === undefined) return undefined;
    const { start, end } = experiment.calleeRange;
    const range = new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
    const run = this.lastRuns.of(document.uri.fsPath);
    if (!range.contains(position)) return undefined;
    if (run === undefined) return new vscode.Hover(vscode.l10n.t('This experiment has not been run yet.'), range);
    const text = tooltip(run.record, run.record.title);
    const open = commandLink('deepLearningLab.openRun', run.folder);
    text.appendMarkdown(`\n\n[${vscode.l10n.t('Open Run')}](${open})`);
    if (vscode.workspace.isTrusted) {
      const compare = commandLink('deepLearningLab.compareWithLastRun', document.uri.fsPath);
      text.appendMarkdown(` · [${vscode.l10n.t('Compare With Last Run')}](${compare})`);
    }
    text.isTrusted = { enabledCommands: ['deepLearningLab.openRun', 'deepLearningLab.compareWithLastRun'] };
    return new vscode.Hover(text, range);
  }
}

import * as vscode from 'vscode';
import type { CommandTable } from '../app/commands';
import type { LabPanel } from '../panel/panel';
import type { RunHistory } from '../state/history';
import { ACTIVE_STATES } from '../../protocol/run';

/** Trains a model file again, with the curves of its last run beside the new ones. */
export function modelFileCommands(
  history: RunHistory,
  panel: LabPanel,
): Pick<CommandTable, 'deepLearningLab.compareWithLastRun'> {
  return {
    'deepLearningLab.compareWithLastRun': async (argument) => {
      const file = fileOf(argument);
      const runs = await history.list();
      const last = runs.find(({ record }) => record.modelFile === file && !ACTIVE_STATES.has(record.state));
      const before = new Set(runs.map(({ folder }) => folder));
      await vscode.commands.executeCommand('deepLearningLab.runModelFile', file);
      // Called off, or refused: nothing is compared.
      const begun = panel.shown;
      if (last !== undefined && begun !== undefined && !before.has(begun)) await panel.show(begun, [last.folder]);
    },
  };
}

function fileOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  return (argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri)?.fsPath;
}

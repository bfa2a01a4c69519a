import * as vscode from 'vscode';
import { isPinned } from '../../runFolder/pin';
import type { StoredRun } from '../../runFolder/runs';
import type { RunHistory } from '../state/history';
import { describe } from './item';

type RunPick = vscode.QuickPickItem & { readonly run: StoredRun };

type Wanted = (run: StoredRun) => boolean;

async function items(history: RunHistory, wanted: Wanted = () => true): Promise<RunPick[]> {
  return (await history.list())
    .filter(wanted)
    .map((run) => ({
      run,
      label: isPinned(run.folder) ? `$(pinned) ${run.record.title}` : run.record.title,
      description: describe(run.record),
    }));
}

/** Asks for one run; for commands from the palette. */
export async function pickRun(history: RunHistory, placeHolder: string): Promise<StoredRun | undefined> {
  return (await vscode.window.showQuickPick(items(history), { placeHolder, matchOnDescription: true }))?.run;
}

/** Asks for some runs; their folders, newest run first. */
export async function pickRuns(history: RunHistory, placeHolder: string, wanted?: Wanted): Promise<string[]> {
  const options = { placeHolder, matchOnDescription: true, canPickMany: true } as const;
  return ((await vscode.window.showQuickPick(items(history, wanted), options)) ?? []).map(({ run }) => run.folder);
}

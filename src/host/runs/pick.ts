import * as vscode from 'vscode';
import type { StoredRun } from '../../runFolder/runs';
import type { RunHistory } from '../state/history';
import { describe } from './item';

type RunPick = vscode.QuickPickItem & { readonly run: StoredRun };

async function items(history: RunHistory): Promise<RunPick[]> {
  return (await history.list()).map((run) => ({ run, label: run.record.title, description: describe(run.record) }));
}

/** Asks for one run; for commands from the palette. */
export async function pickRun(history: RunHistory, placeHolder: string): Promise<StoredRun | undefined> {
  return (await vscode.window.showQuickPick(items(history), { placeHolder, matchOnDescription: true }))?.run;
}

/** Asks for some runs; their folders, newest run first. */
export async function pickRuns(history: RunHistory, placeHolder: string): Promise<string[]> {
  const options = { placeHolder, matchOnDescription: true, canPickMany: true } as const;
  return ((await vscode.window.showQuickPick(items(history), options)) ?? []).map(({ run }) => run.folder);
}

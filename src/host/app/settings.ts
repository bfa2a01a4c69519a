import * as vscode from 'vscode';
import { PREFIX, SETTINGS, type Settings } from './manifest';

type SettingId = keyof Settings;

/** A setting as it is now; a value of another type than declared counts as not set. */
export function setting<S extends SettingId>(id: S): Settings[S] {
  const fallback = SETTINGS[id];
  const value = vscode.workspace.getConfiguration().get<Settings[S]>(id);
  return value !== undefined && typeof value === typeof fallback ? value : fallback;
}

export function onSettingChange(ids: readonly SettingId[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(PREFIX) && ids.some((id) => event.affectsConfiguration(id))) listener();
  });
}

import os from 'node:os';
import * as vscode from 'vscode';
import { chooseLabFolder, type LabFolder } from '../../client/lessons/labFolder';
import type { LabPaths } from '../../client/paths';
import { defaultCache } from '../../files/cache';
import { ContextKeys } from './contexts';
import { Disposables } from './disposables';
import { Errors } from './errors';
import { setting } from './settings';
import { Trust } from './trust';

/** What every feature needs, handed on explicitly. */
export interface App {
  readonly lifetime: Disposables;
  readonly log: vscode.LogOutputChannel;
  readonly errors: Errors;
  readonly contexts: ContextKeys;
  readonly trust: Trust;
  readonly paths: LabPaths;
  readonly extension: vscode.Uri;
  readonly version: string;
  /** VS Code's display language, lower case: "en", "zh-cn". */
  readonly locale: string;
  /** Survives restarts, shared by all windows. */
  readonly memory: vscode.Memento;
  /** Survives restarts of this workspace's window. */
  readonly workspaceMemory: vscode.Memento;
  /** A folder of the extension's own, for small files. */
  readonly storage: vscode.Uri;
  /** The folder of working copies and runs, by the settings and folders of this moment. */
  lab(): LabFolder;
}

export function createApp(context: vscode.ExtensionContext): App {
  const lifetime = new Disposables();
  context.subscriptions.push(lifetime);
  const log = lifetime.add(vscode.window.createOutputChannel('Deep Learning Lab', { log: true }));
  const { version } = context.extension.packageJSON as { version: string };
  return {
    lifetime,
    log,
    errors: new Errors(log),
    contexts: new ContextKeys(),
    trust: new Trust(),
    paths: { root: context.extensionPath, cache: defaultCache() },
    extension: context.extensionUri,
    version,
    locale: vscode.env.language.toLowerCase(),
    memory: context.globalState,
    workspaceMemory: context.workspaceState,
    storage: context.globalStorageUri,
    lab: labOfThisMoment(),
  };
}

/** Looked for once a moment: VS Code tells of a thousand cells one by one, and each asks. */
function labOfThisMoment(): App['lab'] {
  let known: LabFolder | undefined;
  return () => {
    if (known !== undefined) return known;
    queueMicrotask(() => (known = undefined));
    return (known = chooseLabFolder({
      setting: setting('deepLearningLab.folder'),
      workspaceFolders: (vscode.workspace.workspaceFolders ?? [])
        .filter(({ uri }) => uri.scheme === 'file')
        .map(({ uri }) => uri.fsPath),
      home: os.homedir(),
    }));
  };
}

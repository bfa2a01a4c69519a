import * as vscode from 'vscode';
import type { App } from '../app/app';
import { NOTEBOOK_TYPE } from '../app/manifest';
import { CONTENT, LabNotebookSerializer } from './serializer';

/** Opens and saves `*.lab.md` as notebooks. */
export function registerNotebooks({ lifetime }: App): void {
  lifetime.add(vscode.workspace.registerNotebookSerializer(NOTEBOOK_TYPE, new LabNotebookSerializer(), CONTENT));
}

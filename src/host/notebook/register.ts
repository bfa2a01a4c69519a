import * as vscode from 'vscode';
import type { App } from '../app/app';
import { NOTEBOOK_TYPE } from '../app/manifest';
import { CONTENT, LabNotebookSerializer } from './serializer';
import { CellOrders } from './types';

/** Opens and saves `*.lab.md` as notebooks, with types in their cells. */
export function registerNotebooks(app: App): void {
  const { lifetime } = app;
  lifetime.add(new CellOrders(app));
  lifetime.add(vscode.workspace.registerNotebookSerializer(NOTEBOOK_TYPE, new LabNotebookSerializer(), CONTENT));
}

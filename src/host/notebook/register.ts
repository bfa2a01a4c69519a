import * as vscode from 'vscode';
import type { App } from '../app/app';
import { NOTEBOOK_TYPE } from '../app/manifest';
import { registerControllers } from './controller';
import { keepOutputs } from './keeping';
import type { Kernels } from './kernels';
import type { TrainerPool } from '../state/pool';
import { serveOutputs } from './outputs';
import { ServedNotebooks } from './served';
import { CONTENT, LabNotebookSerializer } from './serializer';
import { CellOrders } from './types';
import { protectUntrusted } from './untrusted';
import { VariablesView } from './variables/view';

/** Opens and saves `*.lab.md` as notebooks, with types in their cells, and runs the cells of these and of Jupyter's. */
export function registerNotebooks(app: App, pool: TrainerPool, kernels: Kernels): void {
  const { lifetime } = app;
  const served = lifetime.add(new ServedNotebooks());
  lifetime.add(new CellOrders(app, served));
  registerControllers(app, kernels, served);
  keepOutputs(app, kernels);
  serveOutputs(app, pool, kernels);
  protectUntrusted(app);
  lifetime.add(new VariablesView({ app, pool, kernels, served }));
  lifetime.add(vscode.workspace.registerNotebookSerializer(NOTEBOOK_TYPE, new LabNotebookSerializer(), CONTENT));
}

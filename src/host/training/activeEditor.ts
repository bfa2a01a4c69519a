import * as vscode from 'vscode';
import { lessonIdOf } from '../../client/lessons/labFolder';
import type { App } from '../app/app';
import { activeFile, isModelFile } from '../app/documents';
import { projectOf } from '../state/options';
import type { TrainerPool } from '../state/pool';

/** Keeps the context keys of the active editor, and makes its training the one that Stop and Pause act on. */
export function followActiveEditor(app: App, pool: TrainerPool): void {
  const look = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const file = activeFile();
    const model = document !== undefined && isModelFile(document);
    app.contexts.set('deepLearningLab.modelFile', model);
    app.contexts.set('deepLearningLab.workingCopy', file !== undefined && lessonIdOf(app.lab(), file) !== undefined);
    if (model && file !== undefined) {
      const project = projectOf(app, file);
      if (pool.get(project) !== undefined) pool.focus(project);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  app.lifetime.add({
    dispose: () => {
      clearTimeout(timer);
    },
  });
  app.lifetime.add(vscode.window.onDidChangeActiveTextEditor(look));
  app.lifetime.add(vscode.window.onDidChangeActiveNotebookEditor(look));
  app.lifetime.add(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document !== vscode.window.activeTextEditor?.document) return;
      // Not at each key: an import or export is typed once.
      clearTimeout(timer);
      timer = setTimeout(look, 300);
    }),
  );
  look();
}

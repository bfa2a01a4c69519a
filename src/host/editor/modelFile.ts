import * as vscode from 'vscode';
import { lessonIdOf } from '../../client/lessons/labFolder';
import type { App } from '../app/app';
import { trainerKey } from '../trainers/options';
import type { TrainerPool } from '../trainers/pool';

const LANGUAGES = new Set(['typescript', 'javascript']);
const IMPORTS_THE_LAB = /\bfrom\s+['"]deep-learning-lab['"]|\bimport\(\s*['"]deep-learning-lab['"]\s*\)/;
const EXPORTS_DEFAULT = /\bexport\s+default\b|\bas\s+default\b/;

/** TypeScript or JavaScript on disk that imports the lab and has a default export. */
export function isModelFile(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== 'file' || !LANGUAGES.has(document.languageId)) return false;
  const text = document.getText();
  return IMPORTS_THE_LAB.test(text) && EXPORTS_DEFAULT.test(text);
}

/** Keeps the context keys of the active editor, and makes its training the one that Stop and Pause act on. */
export function followActiveEditor(app: App, pool: TrainerPool): void {
  const look = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const file = document?.uri.scheme === 'file' ? document.uri.fsPath : undefined;
    const model = document !== undefined && isModelFile(document);
    app.contexts.set('deepLearningLab.modelFile', model);
    app.contexts.set('deepLearningLab.workingCopy', file !== undefined && lessonIdOf(app.lab(), file) !== undefined);
    if (model && file !== undefined) {
      const key = trainerKey(app, file);
      if (pool.get(key) !== undefined) pool.focus(key);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  app.lifetime.add({
    dispose: () => {
      clearTimeout(timer);
    },
  });
  app.lifetime.add(vscode.window.onDidChangeActiveTextEditor(look));
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

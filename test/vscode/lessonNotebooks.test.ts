/** Each lesson's notebook as its learner runs it: opened in the real VS Code, by Run All, top to bottom. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from '../../src/host/app/manifest';
import { some } from '../support/sample';
import { eventually } from '../support/wait';
import { extension, lab, run } from './lab';

const FILES = { english: 'lesson.lab.md', chinese: 'lesson.zh-cn.lab.md' };
const samples = path.resolve('samples');
const lessons = fs.readdirSync(samples).filter((name) => fs.existsSync(path.join(samples, name, FILES.english)));
const all = lessons.flatMap((lesson) => Object.keys(FILES).map((language) => ({ lesson, language })));

describe('main: the notebooks of the lessons', function () {
  this.timeout(900_000);

  before(async () => {
    await extension().activate();
  });

  for (const { lesson, language } of some(all, 1))
    it(`${lesson}, ${language}: Run All ends without a failed cell`, async () => {
      await run('openLesson', lesson);
      // As the lesson has them: other tests train fewer epochs.
      for (const name of fs.readdirSync(path.join(samples, lesson)).filter((name) => /\.(ts|md)$/.test(name)))
        fs.copyFileSync(path.join(samples, lesson, name), path.join(lab().root, lesson, name));
      const file = path.join(lab().root, lesson, FILES[language as keyof typeof FILES]);
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), NOTEBOOK_TYPE);
      const notebook = await eventually(
        () => vscode.workspace.notebookDocuments.find(({ uri, isClosed }) => uri.fsPath === file && !isClosed),
        'the notebook is open',
      );
      await vscode.commands.executeCommand('notebook.execute', vscode.Uri.file(file));
      const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
      assert.ok(cells.length > 0);
      const summaries = await eventually(
        () => {
          const found = cells.map(({ executionSummary }) => executionSummary);
          const isOver =
            found.every((one) => one?.success !== undefined) || found.some((one) => one?.success === false);
          return isOver ? found : undefined;
        },
        'all cells have been run',
        800,
      );
      const failed = cells
        .filter((_, index) => summaries[index]?.success !== true)
        .map(({ document }) => document.getText());
      assert.deepEqual(failed, []);
      assert.deepEqual(
        summaries.map((one) => one?.executionOrder),
        cells.map((_, index) => index + 1),
      );
      assert.equal(notebook.isDirty, false);
      await run('restartKernel', file);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });
});

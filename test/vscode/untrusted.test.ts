import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { extension, lab, LESSON, run, workspaceFolder } from './lab';

describe('untrusted: a workspace that is not trusted', () => {
  before(async () => {
    await extension().activate();
  });

  it('is really not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  for (const [command, argument] of [
    ['runLesson', LESSON],
    ['openLessonModel', LESSON],
    ['resetLesson', LESSON],
    ['runModelFile', undefined],
  ] as const) {
    it(`refuses ${command}: nothing is written, nothing is started`, async () => {
      await run(command, argument);
      assert.equal(fs.existsSync(lab().root), false);
      assert.deepEqual(fs.readdirSync(workspaceFolder()), []);
    });
  }

  it('may read lessons', async () => {
    await run('openLessonText', LESSON);
    await vscode.commands.executeCommand('deepLearningLab.lessons.focus');
    await vscode.commands.executeCommand('deepLearningLab.runs.focus');
    assert.deepEqual(fs.readdirSync(workspaceFolder()), []);
  });
});

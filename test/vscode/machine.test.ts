/** Check Set-up in the real VS Code: read in an editor, acted on above its lines, copied as text. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { SETUP_SCHEME } from '../../src/host/app/manifest';
import { eventually } from '../support/wait';
import { extension, run } from './lab';

const titlesOf = async (uri: vscode.Uri): Promise<string[]> => {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.map(({ command }) => command?.title ?? '');
};

describe('main: Check Set-up', () => {
  it('opens a report of every subject, with what can be done above its lines, that is copied as it stands', async () => {
    await vscode.env.clipboard.writeText('before');
    await run('checkSetup');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, SETUP_SCHEME);
    const text = editor.document.getText();
    const { version } = extension().packageJSON as { version: string };
    assert.match(text, new RegExp(`^# Deep Learning Lab: Check Set-up\n\nLab ${version.replaceAll('.', '\\.')}, `));
    for (const subject of [
      'Engine',
      'Data of the lessons',
      'Your own data',
      'Language model',
      'Folders',
      'Disk',
      'Memory',
      'Node.js',
      'VS Code',
      'Network',
      'Workspace trust',
    ])
      assert.match(text, new RegExp(`^## (Good|Note|Problem): ${subject.replace('.', '\\.')}$`, 'm'));
    assert.ok(text.includes('## Good: Engine'), text);
    assert.ok(text.includes('A fresh process loaded it and computed a product that is right'), text);
    assert.ok(text.includes(`This is VS Code ${vscode.version}; `), text);
    const titles = await titlesOf(editor.document.uri);
    assert.deepEqual(titles.slice(0, 2), ['Copy', 'Check Again']);

    await run('copySetup');
    assert.equal(await vscode.env.clipboard.readText(), text);
  });

  it('says what is wrong with a folder of data that is set and not there, and opens its setting', async () => {
    const settings = vscode.workspace.getConfiguration();
    await settings.update('deepLearningLab.data.directory', '/not/there', vscode.ConfigurationTarget.Workspace);
    try {
      await run('checkSetup');
      const document = vscode.window.activeTextEditor!.document;
      // VS Code reads a document that is open already anew by itself.
      const problem = '## Problem: Your own data\n\n- /not/there cannot be read (ENOENT).';
      await eventually(() => (document.getText().includes(problem) ? true : undefined), 'the new report');
      assert.ok((await titlesOf(document.uri)).includes('Open Setting'));
    } finally {
      await settings.update('deepLearningLab.data.directory', undefined, vscode.ConfigurationTarget.Workspace);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    }
  });
});

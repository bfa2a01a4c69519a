/** New Experiment in the real editor: a table in the workspace, a question, a model file that trains at once. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { passengers } from '../support/passengers';
import { eventually } from '../support/wait';
import { answering } from './dialogs';
import { ended, newRun, run, workspaceFolder } from './lab';

const table = (): string => path.join(workspaceFolder(), 'data', 'titanic.csv');
const made = (name: string): string => path.join(workspaceFolder(), name);

describe('main: New Experiment', () => {
  before(() => {
    fs.mkdirSync(path.dirname(table()), { recursive: true });
    fs.writeFileSync(table(), passengers(300));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of ['titanic.ts', 'titanic-2.ts', 'data']) fs.rmSync(made(name), { recursive: true, force: true });
  });

  it('writes a model file for a table, with types and without a problem, and it trains', async () => {
    await answering({}, () => run('newExperiment', vscode.Uri.file(table())));
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.fsPath, made('titanic.ts'));
    assert.match(document.getText(), /datasets\.csv\('data\/titanic\.csv', \{\n {4}target: 'Survived',/);

    const { folder } = await newRun(() => run('runModelFile', document.uri));
    const { record } = await ended(folder);
    assert.equal(record.end?.reason, 'completed', JSON.stringify(record.end));
    assert.equal(record.config?.data.name, 'titanic.csv');

    const problems = await eventually(() => {
      const all = vscode.languages.getDiagnostics(document.uri);
      return all.some(({ message }) => message.includes('Cannot find')) ? undefined : all;
    }, 'types');
    assert.deepEqual(
      problems.map(({ message }) => message),
      [],
    );
  });

  it('offers the tables of the workspace first, and never writes over a file', async () => {
    const before = fs.existsSync(made('titanic.ts')) ? fs.readFileSync(made('titanic.ts'), 'utf8') : undefined;
    if (before === undefined) fs.writeFileSync(made('titanic.ts'), '// mine\n');
    const mine = fs.readFileSync(made('titanic.ts'), 'utf8');
    // The first answer of a list whose first line is a heading.
    const { window } = vscode;
    const original = window.showQuickPick;
    const asked: string[][] = [];
    window.showQuickPick = ((items: readonly vscode.QuickPickItem[]) => {
      const list = items.filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
      asked.push(list.map(({ label }) => label));
      return Promise.resolve(list[0]);
    }) as never;
    try {
      await run('newExperiment');
    } finally {
      window.showQuickPick = original;
    }
    assert.equal(asked[0]?.[0], 'titanic.csv');
    assert.ok(asked[0].includes('spirals'));
    assert.equal(asked[1]?.[0], 'Survived');
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, made('titanic-2.ts'));
    assert.equal(fs.readFileSync(made('titanic.ts'), 'utf8'), mine);
  });

  it('says what is wrong with a file that is no table, and writes nothing', async () => {
    const empty = path.join(path.dirname(table()), 'empty.csv');
    fs.writeFileSync(empty, '');
    const { told } = await answering({}, () => run('newExperiment', vscode.Uri.file(empty)));
    assert.match(told.join('\n'), /empty\.csv/);
    assert.ok(!fs.existsSync(made('empty.ts')));
  });
});

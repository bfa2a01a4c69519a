import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from '../support/wait';
import { ended, LESSON, modelFile, newRun, original, run, until, withEpochs, write } from './lab';

const EMPTY: never[] = [];

async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
}

const titles = (list: readonly vscode.CodeLens[]): string[] =>
  list.map(({ command }) => (command?.title ?? '').replace(/^\$\([a-z-]+\) /, ''));

/** The labels of the hints that stand in a line with this text. */
async function hints(document: vscode.TextDocument, inLine: string): Promise<string[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const all =
    (await vscode.commands.executeCommand<vscode.InlayHint[] | undefined>(
      'vscode.executeInlayHintProvider',
      document.uri,
      whole,
    )) ?? EMPTY;
  return all
    .filter(({ position }) => document.lineAt(position.line).text.includes(inLine))
    .map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')))
    .filter((label) => label.includes('[null') || label.includes('parameters') || label.includes('train'));
}

const problems = (document: vscode.TextDocument): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Deep Learning Lab');

async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const at = document.getText().indexOf(from);
  assert.ok(at >= 0, `"${from}" is in the text`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** TypeScript offers remedies of its own at the same places. */
async function remedy(document: vscode.TextDocument, at: vscode.Range, title: string): Promise<vscode.CodeAction> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    at,
    vscode.CodeActionKind.QuickFix.value,
  );
  const found = actions.find((action) => action.title === title);
  assert.ok(found, `"${title}" is not among: ${actions.map((action) => action.title).join(', ')}`);
  return found;
}

async function apply({ edit }: vscode.CodeAction): Promise<void> {
  assert.ok(edit, 'the action has an edit');
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const textOf = (part: vscode.Hover['contents'][number]): string =>
  part instanceof vscode.MarkdownString ? part.value : JSON.stringify(part);

describe('main: a model file in the editor', () => {
  let document: vscode.TextDocument;
  const good = (): string => original();
  const runThis = (): Promise<void> => run('runModelFile', document.uri);

  before(async () => {
    await run('openLessonModel', LESSON);
    document = await vscode.workspace.openTextDocument(modelFile());
    await vscode.window.showTextDocument(document);
  });
  beforeEach(async () => {
    await write(modelFile(), good());
    await eventually(async () => ((await hints(document, 'units: classes')).length > 0 ? true : undefined), 'hints');
  });
  after(async () => {
    await write(modelFile(), good());
  });

  describe('has lenses', () => {
    it('above the experiment, in place before anything is built', async () => {
      const other = path.join(path.dirname(modelFile()), 'other.ts');
      await vscode.workspace.fs.writeFile(vscode.Uri.file(other), Buffer.from(good()));
      const fresh = await vscode.workspace.openTextDocument(other);
      const list = await lenses(fresh);
      assert.deepEqual(titles(list), ['Run Lesson', 'Open Panel']);
      const line = good()
        .split('\n')
        .findIndex((text) => text.startsWith('export default experiment('));
      for (const { range } of list) assert.equal(range.start.line, line);
      await vscode.workspace.fs.delete(fresh.uri);
    });

    it('that go along with edits above them, in a text that is not saved', async () => {
      const [before] = await lenses(document);
      await replace(document, 'import ', '// one\n// two\nimport ');
      const [after] = await lenses(document);
      assert.equal(after?.range.start.line, before!.range.start.line + 2);
      assert.ok(document.isDirty);
    });

    it('also while the code is half-typed', async () => {
      await replace(document, 'tf.sequential({', 'tf.sequential({ layers: [');
      assert.ok(titles(await lenses(document)).includes('Run Lesson'));
    });

    it('not in other TypeScript files', async () => {
      const other = await vscode.workspace.openTextDocument({ language: 'typescript', content: 'export default 3;' });
      assert.deepEqual(await lenses(other), []);
    });

    it('that follow a training, and stop it', async () => {
      await withEpochs(500);
      const { folder } = await newRun(runThis);
      const live = await eventually(async () => {
        const list = titles(await lenses(document));
        return list.some((title) => /^epoch \d+\/500 · loss \d/.test(title)) ? await lenses(document) : undefined;
      }, 'a lens with the epoch and the loss');
      const stop = live.find(({ command }) => command?.command === 'deepLearningLab.stop')?.command;
      assert.ok(stop);
      await vscode.commands.executeCommand(stop.command, ...((stop.arguments ?? []) as unknown[]));
      const { record } = await ended(folder);
      assert.equal(record.state, 'stopped');
      await eventually(
        async () => (titles(await lenses(document)).includes('Run Lesson') ? true : undefined),
        'Run Lesson again',
      );
    });

    it('that train again beside the last run', async () => {
      await withEpochs(1);
      const first = await newRun(runThis);
      await ended(first.folder);
      const compare = await eventually(
        async () => (await lenses(document)).find(({ command }) => command?.title === 'Compare With Last Run')?.command,
        'the lens',
      );
      const second = await newRun(async () => {
        await vscode.commands.executeCommand(compare.command, ...((compare.arguments ?? []) as unknown[]));
      });
      const { record } = await until(second.folder, (run) => run.record.end !== undefined, 'the end');
      assert.equal(record.state, 'finished');
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    });
  });

  describe('has hints', () => {
    it('of shapes and sizes, as the layers are built', async () => {
      // 2 · 24 + 24, 24 · 24 + 24, 24 · 3 + 3.
      assert.deepEqual(await hints(document, 'inputShape, units: 24'), ['[null, 24] · 72']);
      assert.deepEqual(await hints(document, 'dense({ units: 24'), ['[null, 24] · 600']);
      assert.deepEqual(await hints(document, 'units: classes'), ['[null, 3] · 75']);
      // It is gone while the experiment is edited, as it was in the test before, and comes with the next inspection.
      const total = await eventually(async () => (await hints(document, 'export default experiment('))[0], 'the total');
      assert.equal(total, '747 parameters');
      assert.deepEqual(await hints(document, 'datasets.spirals'), ['[2] · 2,000 train, 1,000 test']);
    });

    it('that are new after a pause in typing, without saving', async () => {
      await replace(document, 'inputShape, units: 24', 'inputShape, units: 30');
      assert.deepEqual(await hints(document, 'inputShape, units: 30'), [], 'gone at once where the text has changed');
      assert.deepEqual(await hints(document, 'units: classes'), ['[null, 3] · 75'], 'the others stay');
      await eventually(
        async () => ((await hints(document, 'inputShape, units: 30'))[0] === '[null, 30] · 90' ? true : undefined),
        'the new shape',
      );
      assert.deepEqual(await hints(document, 'dense({ units: 24'), ['[null, 24] · 744']);
      assert.ok(document.isDirty);
    });

    it('that go along with lines above them at once', async () => {
      await replace(document, 'import ', '// a line\nimport ');
      assert.deepEqual(await hints(document, 'units: classes'), ['[null, 3] · 75']);
    });
  });

  describe('has problems underlined', () => {
    interface Case {
      readonly what: string;
      readonly from: string;
      readonly to: string;
      readonly code: string;
      readonly severity: vscode.DiagnosticSeverity;
      readonly at: string;
      readonly title: string;
    }
    const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
    const cases: readonly Case[] = [
      {
        what: 'an unknown layer',
        from: 'layers.dense({ units: 24',
        to: 'layers.dens({ units: 24',
        code: 'MODEL_UNKNOWN_NAME',
        severity: error,
        at: 'tf.layers.dens',
        title: "Change to 'dense'",
      },
      {
        what: 'an argument without effect',
        from: "units: classes, activation: 'softmax'",
        to: "units: classes, activation: 'softmax', untis: 3",
        code: 'MODEL_UNKNOWN_NAME',
        severity: warning,
        at: 'untis',
        title: "Change to 'units'",
      },
      {
        what: 'logits for probabilities',
        from: "units: classes, activation: 'softmax'",
        to: 'units: classes',
        code: 'MODEL_LOSS_ACTIVATION',
        severity: error,
        at: 'tf.layers.dense',
        title: 'Add fromLogits: true to the loss',
      },
      {
        what: 'units that are not the classes',
        from: 'units: classes',
        to: 'units: 5',
        code: 'MODEL_SHAPE',
        severity: error,
        at: 'tf.layers.dense',
        title: 'Set units: classes',
      },
      {
        what: 'a learning rate out of sense',
        from: 'adam(0.003)',
        to: 'adam(30)',
        code: 'MODEL_LEARNING_RATE',
        severity: error,
        at: 'optimizer: () => tf.train.adam(30)',
        title: 'Set the learning rate to 0.001',
      },
    ];
    for (const { what, from, to, code, severity, at, title } of cases) {
      it(`(${what}) with a quick fix, after which the mark is gone`, async () => {
        await replace(document, from, to);
        const [diagnostic] = await eventually(
          () => (problems(document).some((found) => found.code === code) ? problems(document) : undefined),
          'a diagnostic',
        );
        assert.ok(diagnostic);
        assert.equal(diagnostic.code, code);
        assert.equal(diagnostic.severity, severity);
        assert.equal(document.getText(diagnostic.range), at);
        const best = await remedy(document, diagnostic.range, title);
        assert.equal(best.isPreferred, true);
        await apply(best);
        await eventually(
          async () =>
            problems(document).length === 0 && (await hints(document, 'units: classes')).length > 0 ? true : undefined,
          'no diagnostic any more, and a model that is built',
        );
      });
    }

    it('where shapes do not fit, with the line that made the other shape', async () => {
      await replace(
        document,
        "tf.layers.dense({ units: 24, activation: 'tanh' })",
        'tf.layers.conv2d({ filters: 2, kernelSize: 3 })',
      );
      const [diagnostic] = await eventually(
        () => (problems(document).length > 0 ? problems(document) : undefined),
        'one',
      );
      assert.equal(diagnostic?.code, 'MODEL_SHAPE');
      assert.equal(document.getText(diagnostic.range), 'tf.layers.conv2d');
      const [related] = diagnostic.relatedInformation ?? [];
      assert.ok(document.lineAt(related!.location.range.start.line).text.includes('inputShape, units: 24'));
      assert.deepEqual(await hints(document, 'inputShape, units: 24'), ['[null, 24] · 72'], 'what was built is shown');
    });

    it('that move with the text, and go at once where it is edited', async () => {
      await replace(document, 'adam(0.003)', 'adam(30)');
      const [before] = await eventually(() => (problems(document).length > 0 ? problems(document) : undefined), 'one');
      await replace(document, 'import ', '// a line\nimport ');
      assert.equal(problems(document)[0]?.range.start.line, before!.range.start.line + 1);
      await replace(document, 'adam(30)', 'adam(0.003)');
      assert.deepEqual(problems(document), []);
    });

    it('once, although a run fails of the same cause', async () => {
      await replace(document, 'units: classes', 'units: 5');
      await document.save();
      await eventually(() => (problems(document).length > 0 ? true : undefined), 'a diagnostic');
      const { folder } = await newRun(runThis);
      const { record } = await ended(folder);
      assert.equal(record.end?.error?.code, 'MODEL_SHAPE');
      assert.equal(problems(document).length, 1);
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    });

    it('where it does not end, without holding up anything', async () => {
      await replace(document, 'export default', 'while (Date.now() > 0) {}\nexport default');
      assert.ok(titles(await lenses(document)).includes('Run Lesson'), 'the editor answers meanwhile');
      const [diagnostic] = await eventually(
        () => (problems(document).length > 0 ? problems(document) : undefined),
        'one',
      );
      assert.equal(diagnostic?.code, 'MODEL_TIMEOUT');
      await replace(document, 'while (Date.now() > 0) {}\n', '');
      await eventually(
        async () =>
          problems(document).length === 0 && (await hints(document, 'units: classes')).length > 0 ? true : undefined,
        'a model that is built again',
      );
    });
  });

  it('shows its last run where the pointer rests on the experiment', async () => {
    await withEpochs(1);
    const { folder } = await newRun(runThis);
    await ended(folder);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const at = document.positionAt(document.getText().indexOf('experiment({') + 2);
    const text = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at,
      );
      const all = found.flatMap(({ contents }) => contents.map(textOf));
      return all.find((part) => part.includes('command:deepLearningLab.openRun'));
    }, 'a hover with the run');
    assert.ok(text.includes('finished'));
    assert.ok(text.includes('val'), 'its figures');
    assert.ok(text.includes(encodeURIComponent(path.basename(folder))), 'a link to it');
  });

  it('is built when its language becomes known only after it was shown', async () => {
    const other = path.join(path.dirname(modelFile()), 'late.ts');
    const mistake = good().replace(", activation: 'softmax'", '');
    await vscode.workspace.fs.writeFile(vscode.Uri.file(other), Buffer.from(mistake));
    try {
      let late = await vscode.workspace.openTextDocument(other);
      await vscode.window.showTextDocument(late);
      await eventually(() => (problems(late).length > 0 ? true : undefined), 'what is wrong with it');
      late = await vscode.languages.setTextDocumentLanguage(late, 'plaintext');
      await eventually(() => (problems(late).length === 0 ? true : undefined), 'a text is no model file');
      late = await vscode.languages.setTextDocumentLanguage(late, 'typescript');
      await eventually(() => (problems(late).length > 0 ? true : undefined), 'what is wrong with it, again');
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await vscode.workspace.fs.delete(vscode.Uri.file(other));
    }
  });

  it('shows nothing of its inside when the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('deepLearningLab');
    await settings.update('modelFiles.inspect', false, vscode.ConfigurationTarget.Workspace);
    try {
      assert.deepEqual(await hints(document, 'units: classes'), []);
      assert.ok(titles(await lenses(document)).includes('Run Lesson'));
    } finally {
      await settings.update('modelFiles.inspect', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await eventually(async () => ((await hints(document, 'units: classes')).length > 0 ? true : undefined), 'hints');
  });
});

/** An installed extension has no npm scripts: what is wrong with the engine is mended from inside VS Code. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { askNvidia } from '../../src/client/machine/nvidia';
import { languageModelFile } from '../../src/client/paths';
import { defaultCache } from '../../src/files/cache';
import { listRuns } from '../../src/runFolder/runs';
import { eventually } from '../support/wait';
import { Errors } from '../../src/host/app/errors';
import { LabError, type LabErrorCode } from '../../src/protocol/errors';
import { answering } from './dialogs';
import { extension, lab, run } from './lab';

const log = vscode.window.createOutputChannel('Deep Learning Lab test', { log: true });

/** The titles of the buttons that this error is shown with. */
async function offered(code: LabErrorCode): Promise<string[]> {
  let items: readonly unknown[] = [];
  await answering({}, () => {
    vscode.window.showErrorMessage = (_: string, ...rest: readonly unknown[]) => {
      items = rest;
      return Promise.resolve(undefined);
    };
    new Errors(log).show(new LabError({ code, message: 'A test.' }));
    return Promise.resolve();
  });
  return items.map((item) => (item as { title: string }).title);
}

describe('main: preparing the engine', () => {
  it('is offered by every error of the engine that it mends, and by no other', async () => {
    for (const code of [
      'ENGINE_MISSING',
      'ENGINE_INCOMPLETE',
      'ENGINE_UNPACK',
      'ENGINE_WRONG_PLATFORM',
      'ENGINE_LOAD_FAILED',
      'ENGINE_PROBE_FAILED',
    ] as const)
      assert.deepEqual(await offered(code), ['Prepare Engine', 'Show Log']);
    for (const code of ['TRAINER_START', 'ENGINE_NO_GPU'] as const) assert.deepEqual(await offered(code), ['Show Log']);
  });

  it('asks first: Cancel starts nothing', async () => {
    const { questions } = await answering({}, () => run('prepareEngine'));
    assert.deepEqual(questions, ['Prepare the TensorFlow engine for this machine?']);
    assert.deepEqual(vscode.tasks.taskExecutions, []);
  });

  it('runs the packed command line as a task, which proves an engine that works and leaves it', async () => {
    let code: number | undefined | 'running' = 'running';
    const listener = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => (code = exitCode));
    const { told } = await answering({ press: 'Prepare' }, async () => {
      await run('prepareEngine');
      await eventually(() => (code === 'running' ? undefined : true), 'the end of the task');
    });
    listener.dispose();
    assert.equal(code, 0);
    assert.deepEqual(told, ['TensorFlow is ready: the next run uses it.']);
  });

  it('for a GPU is asked first, with what it takes; where no driver answers, the task says so and nothing is fetched', async function () {
    if (process.platform !== 'linux') this.skip();
    const { questions } = await answering({}, () => run('prepareGpuEngine'));
    assert.deepEqual(questions, ['Prepare TensorFlow for the NVIDIA GPU of this machine?']);
    // On a machine with a GPU this would download gigabytes.
    if ((await askNvidia()).kind === 'ready') this.skip();
    let code: number | undefined | 'running' = 'running';
    const listener = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => (code = exitCode));
    const { told } = await answering({ press: 'Prepare' }, async () => {
      await run('prepareGpuEngine');
      await eventually(() => (code === 'running' ? undefined : true), 'the end of the task');
    });
    listener.dispose();
    assert.equal(code, 1);
    assert.deepEqual(told, []);
  });

  it('the same brings the language model: asked first, then the packed command line, which finds it there', async () => {
    const { questions } = await answering({}, () => run('getLanguageModel'));
    assert.deepEqual(questions, ['Get the language model SmolLM2?']);
    let code: number | undefined | 'running' = 'running';
    const listener = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => (code = exitCode));
    const { told } = await answering({ press: 'Get' }, async () => {
      await run('getLanguageModel');
      await eventually(() => (code === 'running' ? undefined : true), 'the end of the task');
    });
    listener.dispose();
    assert.equal(code, 0);
    assert.deepEqual(told, ['The language model is ready.']);
  });

  it('a lesson that needs the language model asks for it where it is not there, and trains nothing', async () => {
    const file = languageModelFile({ root: extension().extensionPath, cache: defaultCache() });
    const aside = `${file}.aside`;
    fs.renameSync(file, aside);
    try {
      const { questions } = await answering({}, () => run('runLesson', 'language-model'));
      assert.deepEqual(questions, ['Get the language model SmolLM2?']);
      const { runs } = await listRuns(lab().runs);
      assert.deepEqual(
        runs.filter(({ record }) => record.lesson === 'language-model'),
        [],
      );
    } finally {
      fs.renameSync(aside, file);
    }
  });
});

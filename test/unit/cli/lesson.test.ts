import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { watchRuns } from '../../../src/cli/start/watchRuns';
import type { RunRecord } from '../../../src/protocol/run';
import { isAlive } from '../faults/support';
import { Folder, MODEL, Program } from './program';

describe('npm run lesson', () => {
  let folder: Folder;
  let programs: Program[];
  beforeEach(() => {
    folder = new Folder();
    programs = [];
  });
  afterEach(() => {
    for (const { child } of programs) {
      // A trainer whose model file loops would outlive a failing test.
      if (child.exitCode === null && fs.existsSync(folder.at('runs'))) process.kill(trainerPid(), 'SIGKILL');
      child.kill('SIGKILL');
    }
    folder.dispose();
  });

  function lesson(...args: string[]): Program {
    const program = new Program(['lesson', '--runs', folder.at('runs'), ...args]);
    programs.push(program);
    return program;
  }

  function trainerPid(): number {
    const [run = ''] = fs.readdirSync(folder.at('runs'));
    const record = JSON.parse(fs.readFileSync(folder.at('runs', run, 'run.json'), 'utf8')) as RunRecord;
    return record.trainer.pid;
  }

  it('trains any model file: a line of JSON an epoch and a summary at last', async () => {
    const program = lesson('--model', folder.write('model.ts', MODEL), '--epochs', '2', '--json');
    assert.equal(await program.ended, 0, program.stderr);
    const lines = program.lines;
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['epoch', 'epoch', 'summary'],
    );
    assert.deepEqual(
      lines.slice(0, 2).map(({ epoch, epochs, step }) => ({ epoch, epochs, step })),
      [
        { epoch: 1, epochs: 2, step: 10 },
        { epoch: 2, epochs: 2, step: 20 },
      ],
    );
    const summary = lines[2]!;
    assert.equal(summary['lesson'], null);
    assert.equal(summary['engine'], 'native');
    assert.match(String(summary['engineVersion']), /^2\.\d+\.\d+$/);
    assert.equal(summary['epochs'], 2);
    assert.equal(summary['steps'], 20);
    assert.ok((summary['seconds'] as number) > 0);
    for (const name of ['loss', 'accuracy', 'val_loss', 'val_accuracy']) {
      assert.equal(summary[name], lines[1]![name], `${name} is that of the last epoch`);
    }
    const points = fs.readFileSync(path.join(summary['runFolder'] as string, 'metrics.jsonl'), 'utf8');
    assert.equal(points.trim().split('\n').length, 22, 'a point a step and an epoch');
  });

  it('--eager trains operation by operation: the same figures, dropout included, and the record says which', async () => {
    const hidden = "units: 8, activation: 'tanh' }),";
    const model = folder.write('model.ts', MODEL.replace(hidden, `${hidden} tf.layers.dropout({ rate: 0.3 }),`));
    const losses = async (...args: string[]): Promise<{ found: unknown[]; execution: unknown; record: RunRecord }> => {
      const program = lesson('--model', model, '--json', ...args);
      assert.equal(await program.ended, 0, program.stderr);
      const summary = program.lines.at(-1)!;
      const found = program.lines.slice(0, -1).map((line) => (line['loss'] as number).toPrecision(4));
      const record = fs.readFileSync(path.join(summary['runFolder'] as string, 'run.json'), 'utf8');
      return { found, execution: summary['execution'], record: JSON.parse(record) as RunRecord };
    };
    const compiled = await losses();
    const eager = await losses('--eager');
    assert.equal(compiled.execution, 'compiled');
    assert.equal(eager.execution, 'eager');
    assert.deepEqual(eager.record.execution, { mode: 'eager', reason: 'Compiled steps are turned off.' });
    assert.deepEqual(eager.found, compiled.found);
  });

  it('takes data sets from the folder that --data names', async () => {
    const model = folder.write(
      'model.ts',
      MODEL.replace(/data: .*,/, 'data: datasets.cifar10({ train: 10, test: 10 }),'),
    );
    fs.mkdirSync(folder.at('data', 'cifar-10-batches-bin'), { recursive: true });
    const torn = folder.write('data/cifar-10-batches-bin/data_batch_1.bin', 'no pictures');
    const program = lesson('--model', model, '--data', folder.at('data'), '--json');
    assert.equal(await program.ended, 1);
    const last = program.lines.at(-1)!;
    assert.equal(last['code'], 'DATA_CORRUPT', JSON.stringify(last));
    assert.ok(String(last['message']).includes(torn), JSON.stringify(last));
  });

  it('tells people each epoch, how it ended, and where the run is', async () => {
    const program = lesson('--model', folder.write('model.ts', MODEL));
    assert.equal(await program.ended, 0, program.stderr);
    const figures = /loss \d\.\d{4} {2}accuracy \d\.\d{4} {2}val_loss \d\.\d{4} {2}val_accuracy \d\.\d{4}/;
    for (const epoch of ['1/3', '2/3', '3/3']) {
      const line = program.stdout.split('\n').find((text) => text.startsWith(`epoch ${epoch}`));
      assert.match(line ?? '', figures);
    }
    assert.match(program.stdout, /\n(?:All \d+ epochs are|The one epoch is) done, after .*\nRun: .*runs/);
  });

  it('stops between two steps at Ctrl+C, with a summary and exit code 130', async () => {
    const program = lesson('--model', folder.write('model.ts', MODEL), '--epochs', '100000', '--json');
    await program.saying(/"type":"epoch"/);
    program.child.kill('SIGINT');
    assert.equal(await program.ended, 130);
    const summary = program.lines.at(-1)!;
    assert.equal(summary['type'], 'summary');
    assert.equal(summary['state'], 'stopped');
    assert.equal(summary['end'], 'stoppedByUser');
  });

  it('ends an endless loop in a model file at Ctrl+C', async function () {
    this.timeout(60_000);
    // What it prints cannot be told while it loops; a file can be seen.
    const sign = folder.at('looping');
    const loop = `(() => { fs.writeFileSync(${JSON.stringify(sign)}, ''); for (;;); })() ?? tf.sequential({`;
    const endless = `import fs from 'node:fs';\n${MODEL.replace('tf.sequential({', loop)}`;
    const program = lesson('--model', folder.write('model.ts', endless));
    while (!fs.existsSync(sign)) {
      assert.equal(program.child.exitCode, null, program.stderr);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const pid = trainerPid();
    program.child.kill('SIGINT');
    assert.equal(await program.ended, 130);
    assert.match(program.stdout, /its process was ended/);
    assert.equal(isAlive(pid), false);
  });

  it('says that the trainer was killed, with exit code 1', async () => {
    const program = lesson('--model', folder.write('model.ts', MODEL), '--epochs', '100000', '--json');
    await program.saying(/"type":"epoch"/);
    const [run = ''] = fs.readdirSync(folder.at('runs'));
    const pid = trainerPid();
    process.kill(pid, 'SIGKILL');
    assert.equal(await program.ended, 1);
    assert.equal(program.lines.at(-1)!['code'], 'TRAINER_DIED');
    const after = JSON.parse(fs.readFileSync(folder.at('runs', run, 'run.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(after['state'], 'interrupted');
    assert.equal(isAlive(pid), false);
  });

  it('reports a mistake in the model file with its place', async () => {
    const file = folder.write('model.ts', MODEL.replace('experiment({', 'experiment({{'));
    const program = lesson('--model', file, '--json');
    assert.equal(await program.ended, 1);
    const error = program.lines.at(-1)!;
    assert.equal(error['type'], 'error');
    assert.equal(error['code'], 'MODEL_SYNTAX');
    assert.deepEqual(error['location'], { file, line: 2, column: 28 });
    assert.match(program.stderr, /model\.ts:2:28/);
  });

  it('reports a wrong value of an experiment once, at the line of its field', async () => {
    const file = folder.write('model.ts', MODEL.replace('epochs: 3', 'epochs: -1'));
    const program = lesson('--model', file);
    assert.equal(await program.ended, 1);
    assert.match(program.stdout, /^An error ended the run before its first step\.$/m);
    const line = MODEL.split('\n').findIndex((text) => text.includes('epochs: 3')) + 1;
    assert.match(
      program.stderr,
      new RegExp(`^epochs: expected .*, found -1\\.\n  .*model\\.ts:${String(line)}:3\n[^:]*$`),
    );
  });

  it('refuses what it does not understand, and says what it does', async () => {
    const file = folder.write('model.ts', MODEL);
    for (const [args, expected] of [
      [['no-such-lesson'], /no lesson "no-such-lesson"[\s\S]*neural-network/],
      [['--model', file, '--epochs', '0'], /at least 1/],
      [['--model', file, '--epochs', '2.5'], /at least 1/],
      [['--model', folder.at('missing.ts')], /missing\.ts/],
      [['--model', file, '--fast'], /--fast[\s\S]*usage: npm run lesson/],
      [['a', 'b'], /One lesson at a time/],
    ] as const) {
      const program = lesson(...args);
      assert.equal(await program.ended, 1, args.join(' '));
      assert.match(program.stderr, expected);
    }
  });

  it('is watched from another terminal as npm start does', async () => {
    const screen = { isTTY: false, text: '', write: (text: string): unknown => (screen.text += text) };
    const controller = new AbortController();
    const watching = watchRuns(folder.at('runs'), screen, controller.signal, 20);
    const program = lesson('--model', folder.write('model.ts', MODEL), '--epochs', '3');
    assert.equal(await program.ended, 0, program.stderr);
    while (!screen.text.includes('epochs are done')) await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    assert.deepEqual(await watching, []);
    assert.match(screen.text, /^Training ".*"\n/);
    const epochs = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('epoch'));
    assert.deepEqual(epochs(screen.text), epochs(program.stdout));
  });
});

import assert from 'node:assert/strict';
import path from 'node:path';
import { LabError } from '../../../src/protocol/errors';
import { isAlive } from '../faults/support';
import { CommandError, findProgram, run } from '../../../src/setup/process';
import { Folder } from './folder';

const node = (code: string): [string, string[]] => [process.execPath, ['-e', code]];

describe('running a program', () => {
  it('gives what it wrote to stdout, and each line of both streams', async () => {
    const lines: string[] = [];
    const stdout = await run(...node('console.log("a\\nb"); console.error("c")'), {
      onLine: (line) => lines.push(line),
    });
    assert.equal(stdout, 'a\nb\n');
    assert.deepEqual(lines.sort(), ['a', 'b', 'c']);
  });

  it('rejects with the exit code and the end of what it said', async () => {
    const talk = 'for (let i = 0; i < 100; i++) console.log("line", i); console.error("why"); process.exitCode = 3';
    await assert.rejects(run(...node(talk)), (error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.exitCode, 3);
      assert.match(error.output, /line 99/);
      assert.match(error.output, /why/);
      assert.doesNotMatch(error.output, /line 9\n/);
      return true;
    });
  });

  it('rejects when there is no such program', async () => {
    await assert.rejects(run('/nowhere/program', []), (error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.exitCode, null);
      return true;
    });
  });

  it('ends the program when asked to stop', async () => {
    const controller = new AbortController();
    let pid = 0;
    const running = run(...node('console.log(process.pid); setInterval(() => {}, 1000)'), {
      signal: controller.signal,
      onLine: (line) => {
        pid = Number(line);
        controller.abort();
      },
    });
    await assert.rejects(running, (error) => error instanceof LabError && error.code === 'CANCELLED');
    assert.ok(pid > 0);
    assert.equal(isAlive(pid), false);
  });
});

describe('finding a program', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });

  it('takes the first name that is executable, in the order of the PATH', () => {
    folder.write('a/tool', '', 0o644); // not executable
    folder.write('b/tool', '#!/bin/sh\n', 0o755);
    folder.write('b/other', '#!/bin/sh\n', 0o755);
    const env = { PATH: [folder.at('a'), folder.at('b')].join(path.delimiter) };
    assert.equal(findProgram(['missing', 'tool', 'other'], env), folder.at('b', 'tool'));
    assert.equal(findProgram([folder.at('b', 'other')], { PATH: '' }), folder.at('b', 'other'));
    assert.equal(findProgram(['missing'], env), undefined);
    assert.equal(findProgram(['b'], { PATH: folder.path }), undefined, 'a folder is no program');
  });
});

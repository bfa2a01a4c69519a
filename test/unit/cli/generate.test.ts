import assert from 'node:assert/strict';
import fs from 'node:fs';
import { LETTERS } from '../language/letters';
import { Folder, Program } from './program';

describe('npm run generate', function () {
  this.timeout(300_000);
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });
  const generate = (...args: string[]): Program => new Program(['generate', ...args]);

  it('writes on with SmolLM2: one line of JSON', async () => {
    const program = generate('smollm2', '--prompt', 'The capital of France is', '--tokens', '3', '--json');
    assert.equal(await program.ended, 0, program.stderr);
    const [{ type, text, tokens, prompt_tokens } = {}, ...more] = program.lines;
    assert.deepEqual([type, text, tokens, prompt_tokens, more.length], ['summary', ' Paris.\n', 3, 5, 0]);
  });

  it('writes on with the model of a run, named by its id', async () => {
    folder.write('letters.txt', 'abcdefghijklmnopqrstuvwxyz'.repeat(40));
    const runs = folder.at('runs');
    const training = new Program(['lesson', '--model', folder.write('letters.ts', LETTERS), '--runs', runs, '--json']);
    assert.equal(await training.ended, 0, training.stderr);
    const [id = ''] = fs.readdirSync(runs);
    const program = generate(id, '--prompt', 'xyza', '--tokens', '9', '--runs', runs, '--json');
    assert.equal(await program.ended, 0, program.stderr);
    const [{ type, text, tokens, prompt_tokens } = {}] = program.lines;
    assert.deepEqual([type, text, tokens, prompt_tokens], ['summary', 'bcdefghij', 9, 4]);
  });

  it('a file that is none, and one that is not there, are told by their codes', async () => {
    for (const [file, code] of [
      [folder.write('text.gguf', 'no model'), 'GGUF_CORRUPT'],
      [folder.at('none.gguf'), 'GGUF_MISSING'],
    ] as const) {
      const program = generate(file, '--prompt', 'x', '--json');
      assert.equal(await program.ended, 1);
      assert.deepEqual(
        program.lines.map((line) => [line['type'], line['code']]),
        [['error', code]],
      );
    }
  });

  it('no model, no prompt and no number are told before anything is started', async () => {
    for (const args of [
      ['--prompt', 'x'],
      ['smollm2'],
      ['some-run', '--prompt', 'x', '--chat'],
      ['smollm2', '--prompt', 'x', '--tokens', 'many'],
    ]) {
      const program = generate(...args, '--json');
      assert.equal(await program.ended, 1);
      assert.equal(program.lines[0]?.['code'], 'ARGUMENT_INVALID');
    }
  });
});

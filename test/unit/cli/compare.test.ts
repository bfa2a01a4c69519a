/** A run beside another model, as a terminal shows it. */
import assert from 'node:assert/strict';
import { Folder, MODEL, Program } from './program';

const text = MODEL.replace(
  'epochs: 3,',
  "compareWith: { label: 'gradient descent', optimizer: () => tf.train.sgd(0.05) },\n  sizes: [40, 320],\n  epochs: 3,",
);

describe('npm run lesson with a model to compare with', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });

  async function finished(...args: string[]): Promise<Program> {
    const program = new Program([
      'lesson',
      '--runs',
      folder.at('runs'),
      '--model',
      folder.write('model.ts', text),
      ...args,
    ]);
    assert.equal(await program.ended, 0, program.stderr);
    return program;
  }

  it('has its figures in each line of JSON, and a line for each number of examples', async () => {
    const { lines } = await finished('--json');
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['epoch', 'epoch', 'epoch', 'size', 'size', 'summary'],
    );
    const [last, summary] = [lines[2]!, lines[5]!];
    for (const name of ['reference_loss', 'reference_accuracy', 'val_reference_loss', 'val_reference_accuracy']) {
      assert.equal(typeof last[name], 'number', name);
      assert.equal(summary[name], last[name], name);
    }
    const sizes = lines.slice(3, 5);
    assert.deepEqual(
      sizes.map(({ examples, epochs, metric }) => [examples, epochs, metric]),
      [
        [40, 15, 'val_accuracy'], // 2 steps an epoch: as many steps as 3 epochs on all have, 30
        [320, 3, 'val_accuracy'],
      ],
    );
    // On all examples the trainings are those of the run.
    assert.equal(sizes[1]!['value'], summary['val_accuracy']);
    assert.equal(sizes[1]!['reference'], summary['val_reference_accuracy']);
  });

  it('tells people its figures under those of each epoch, by its name', async () => {
    const { stdout } = await finished();
    const lines = stdout.split('\n');
    const figures = /^ {2}gradient descent: loss \d\.\d{4} {2}accuracy \d\.\d{4} {2}val_loss \d\.\d{4} {2}val_accuracy/;
    for (const epoch of ['1/3', '2/3', '3/3']) {
      const at = lines.findIndex((line) => line.startsWith(`epoch ${epoch}`));
      assert.ok(at >= 0 && !lines[at]!.includes('reference'));
      assert.match(lines[at + 1]!, figures);
    }
    assert.match(
      stdout,
      /\nTraining both models on 40 examples \(1 of 2\) …\n40 examples, 15 epochs: val_accuracy {2}Two moons/,
    );
    assert.match(
      stdout,
      /\n(?:All \d+ epochs are|The one epoch is) done, after .*; gradient descent: loss .*\nRun: .*runs/,
    );
  });
});

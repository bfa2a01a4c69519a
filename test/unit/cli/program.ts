import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../setup/folder';

export { Folder, root } from '../setup/folder';

/** Learns in a few steps, for as many epochs as one likes. */
export const MODEL = `import { datasets, experiment, tf } from 'deep-learning-lab';
export default experiment({
  title: 'Two moons',
  data: datasets.moons({ train: 320, test: 80, noise: 0.1, seed: 1 }),
  model: ({ inputShape, classes }) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape, units: 8, activation: 'tanh' }),
        tf.layers.dense({ units: classes, activation: 'softmax' }),
      ],
    }),
  optimizer: () => tf.train.adam(0.05),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  epochs: 3,
  batchSize: 32,
  seed: 1,
});
`;

/** The terminal program in a process of its own. */
export class Program {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [path.join(root, 'dist', 'cli.js'), ...args], {
      env: { ...process.env, LC_ALL: 'C', DEEP_LEARNING_LAB_ROOT: root, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (text: Buffer) => (this.stdout += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Waits for text on stdout. */
  async saying(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      if (this.child.exitCode !== null) throw new Error(`It ended without saying ${pattern.source}:\n${this.stderr}`);
      await delay(20);
    }
  }

  get lines(): Record<string, unknown>[] {
    return this.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

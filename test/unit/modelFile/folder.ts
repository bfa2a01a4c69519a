import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LabError, type LabErrorData } from '../../../src/protocol/errors';
import { loadModelFile, type LoadedModelFile } from '../../../src/trainer/modelFile/load';

/** A learner's folder that goes away with the test. */
export class LearnersFolder {
  readonly path = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab model é ')));

  write(name: string, text: string): string {
    const file = path.join(this.path, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  }

  async load(text: string): Promise<LoadedModelFile> {
    return loadModelFile({ file: this.write('model.ts', text) });
  }

  /** What loading this text fails with. */
  async failure(text: string): Promise<LabErrorData> {
    return failureOf(this.load(text));
  }

  remove(): void {
    fs.rmSync(this.path, { recursive: true, force: true });
  }
}

export async function failureOf(work: Promise<unknown>): Promise<LabErrorData> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LabError) return error.data;
    throw error;
  }
  throw new Error('It should have failed.');
}

/** "line:column" of the first occurrence of `text` in `source`, as editors count. */
export function placeOf(source: string, text: string): string {
  const index = source.indexOf(text);
  if (index < 0) throw new Error(`'${text}' is not in the source`);
  const lines = source.slice(0, index).split('\n');
  return `${lines.length}:${lines.at(-1)!.length + 1}`;
}

export function at(location: { readonly line: number; readonly column: number } | undefined): string {
  return location === undefined ? 'nowhere' : `${location.line}:${location.column}`;
}

/** A model file with this model. */
export function modelFile(model: string, before = ''): string {
  return `import { datasets, experiment, tf } from 'deep-learning-lab';
${before}
export default experiment({
  title: 'Test',
  data: datasets.spirals({ train: 30, test: 10 }),
  model: ({ inputShape, classes }) => ${model},
  optimizer: () => tf.train.adam(0.01),
  loss: 'sparseCategoricalCrossentropy',
  epochs: 1,
  batchSize: 10,
});
`;
}

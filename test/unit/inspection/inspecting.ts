/** What the tests of inspections share: a learner's folder, the engine, and what is found in a text. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { ModelInspection, ModelProblem } from '../../../src/protocol/modelInspection';
import { inspectModel } from '../../../src/trainer/inspection/inspect';
import { useEngine } from '../lab/tensorflow';
import { LearnersFolder } from '../modelFile/folder';

export interface Inspecting {
  /** Where the text is taken to lie. */
  readonly modelFile: () => string;
  readonly inspect: (source: string) => Promise<ModelInspection>;
  /** The problem; fails where there is none, or another. */
  readonly only: (source: string) => Promise<ModelProblem>;
}

/** To be called in a `describe`. */
export function inspecting(): Inspecting {
  let folder: LearnersFolder;
  before(async () => {
    await useEngine();
    folder = new LearnersFolder();
  });
  after(() => {
    folder.remove();
  });
  const modelFile = (): string => path.join(folder.path, 'model.ts');
  const inspect = async (source: string): Promise<ModelInspection> => inspectModel({ modelFile: modelFile(), source });
  const only = async (source: string): Promise<ModelProblem> => {
    const { problems } = await inspect(source);
    assert.deepEqual(
      problems.map(({ error }) => error.message),
      problems.slice(0, 1).map(({ error }) => error.message),
      'one problem only',
    );
    assert.ok(problems[0], 'a problem was expected');
    return problems[0];
  };
  return { modelFile, inspect, only };
}

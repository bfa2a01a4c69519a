/** A process of this product with one of its engines: a process has one. */
import path from 'node:path';
import readline from 'node:readline';
import { engineOptions } from '../../../src/client/processes/engine';
import { labPaths } from '../../../src/cli/context';
import { chooseEngine } from '../../../src/trainer/engine/choose';
import { THREADS } from '../peers';
import { compiled, type Contender } from '../step/contenders';
import { models } from '../step/models';
import { TimedProcess } from '../timedProcess';

/** The argument that makes of the benchmark's program this process. */
const CHILD = '--own-engine';

export type EngineKind = 'native' | 'wasm';

export const engineProcess = (engine: EngineKind): TimedProcess =>
  new TimedProcess(engine, [process.execPath, '--enable-source-maps', process.argv[1] ?? '', CHILD, engine], {
    TF_NUM_INTRAOP_THREADS: String(THREADS),
    TF_NUM_INTEROP_THREADS: String(THREADS),
  });

export const isEngineProcess = (): boolean => process.argv[2] === CHILD;

/** Steps as the trainer takes them: compiled, on either engine. */
export async function answer(): Promise<void> {
  const engine = process.argv[3] as EngineKind;
  await chooseEngine(engineOptions({ engine, paths: { ...labPaths(), root: path.resolve('.') } }));
  const contenders = new Map<string, Contender>();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { model } = JSON.parse(line) as { readonly model: string };
    let told: object;
    try {
      const bench = models.find(({ name }) => name === model)!;
      const contender = contenders.get(model) ?? compiled(bench);
      contenders.set(model, contender);
      told = { ms: await contender.round() };
    } catch (error) {
      told = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
}

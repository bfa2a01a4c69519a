/**
 * `--only engines`: milliseconds a training step of the WebAssembly engine, beside the native one and beside tfjs in
 * Chromium. One after the other, each warm: a process that waits for its turn would not. Native has two
 * threads, ours of WebAssembly has one.
 */
import { median, rounds, type Log, type Row } from '../row';
import { models } from '../step/models';
import { openChromium } from './chromium';
import { engineProcess } from './own';

const ROUNDS = 5;

/** What WebAssembly may take of native. */
const GOALS: Readonly<Partial<Record<string, number>>> = { cnn: 4, mlp: 2 };

export async function* engines(log: Log): AsyncGenerator<Row> {
  const [native, wasm, chromium] = [engineProcess('native'), engineProcess('wasm'), await openChromium()];
  try {
    for (const { name, title } of models.filter(({ name }) => GOALS[name] !== undefined)) {
      log(title);
      const contenders: Readonly<Record<string, () => Promise<number>>> = {
        'native, compiled': async () => (await native.time({ model: name })).ms,
        'WebAssembly, ours': async () => (await wasm.time({ model: name })).ms,
        'tfjs in Chromium, wasm': () => chromium.time(name, 'wasm'),
        'tfjs in Chromium, webgl': () => chromium.time(name, 'webgl'),
      };
      const times = new Map<string, number[]>();
      for (const [contender, round] of Object.entries(contenders))
        times.set(contender, await roundsOf(round, contender, log));
      for (const [contender, own] of times)
        if (own.length > 0)
          yield {
            bench: 'engines',
            name: `${name}: ${contender}`,
            value: median(own),
            unit: 'ms',
            note: rounds(own, 2),
          };
      const ours = median(times.get('WebAssembly, ours') ?? []);
      for (const [contender, own] of times) {
        if (own.length === 0 || contender === 'WebAssembly, ours') continue;
        const limit = contender.startsWith('native') ? GOALS[name] : undefined;
        const value = ours / median(own);
        const goal = limit === undefined ? {} : { goal: `at most ${String(limit)}`, met: value <= limit };
        yield { bench: 'engines', name: `${name}: WebAssembly, ours / ${contender}`, value, unit: 'x', ...goal };
      }
    }
  } finally {
    native.stop();
    wasm.stop();
    await chromium.dispose();
  }
}

/** None for who cannot train this model. */
async function roundsOf(round: () => Promise<number>, name: string, log: Log): Promise<number[]> {
  try {
    await round();
    const times: number[] = [];
    for (let i = 0; i < ROUNDS; i++) times.push(await round());
    return times;
  } catch (error) {
    log(`  ${name} cannot: ${(error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''}`);
    return [];
  }
}

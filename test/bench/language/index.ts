/**
 * Language models beside PyTorch, with the same float32 weights and two threads each: SmolLM2 (transformers) and a step of the
 * lesson's GPT. Rounds are interleaved, so that what else the machine does falls on both alike; both are warm.
 */
import { engineDirectories, languageModelFile } from '../../../src/client/paths';
import { labPaths } from '../../../src/cli/context';
import { loadEngine } from '../../../src/trainer/engine/load';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import { installPeers, isInstalled, Peer, THREADS, type Timed } from '../peers';
import { median, type Log, type Row } from '../row';
import { GPTS, gptStep, type GptBench } from './gpt';

const ROUNDS = 5;
/** As long as a page; less than the cache's first growth would be unfair to nobody. */
const PROMPT = 304;
const FURTHER = 16;
const GPT_GOAL = 0.8;

interface Options {
  readonly log: Log;
  /** Install missing peers first. */
  readonly peers: boolean;
}

/** One who is timed. */
type Round = () => Promise<Timed> | Timed;

export async function language({ log, peers }: Options): Promise<Row[]> {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(THREADS);
  process.env['TF_NUM_INTEROP_THREADS'] ??= String(THREADS);
  const paths = labPaths();
  await loadEngine(engineDirectories(paths));
  if (peers) installPeers(['language'], log);
  const peer = isInstalled('language') ? new Peer('language') : undefined;
  if (peer === undefined) log('transformers is not installed: --peers installs it.');
  try {
    const rows = await smol(languageModelFile(paths), peer, log);
    for (const gpt of GPTS) rows.push(...(await gptRows(gpt, peer, log)));
    return rows;
  } finally {
    peer?.stop();
  }
}

/** SmolLM2: reading a prompt, then one token after the other. */
async function smol(file: string, peer: Peer | undefined, log: Log): Promise<Row[]> {
  const model = await ggufLoader({ languageModel: file, memoryLimitMB: Infinity })();
  let count = 0;
  let read: number[] = [];
  /** The first token is another one each time: what was read before is of no use. */
  const prompt = (): number[] =>
    Array.from({ length: PROMPT }, (_, i) => 100 + ((i * 31 + (i === 0 ? ++count : 0)) % 40_000));
  const further = Array.from({ length: FURTHER }, (_, i) => 500 + i);
  const own =
    (work: () => Promise<void>): Round =>
    async () => {
      const began = performance.now();
      await work();
      return { ms: performance.now() - began, mb: process.memoryUsage.rss() / 2 ** 20 };
    };
  const rows = [
    ...(await beside(
      'SmolLM2: prompt',
      { each: PROMPT, goal: 1, log },
      {
        own: own(async () => {
          read = prompt();
          await model.scores(read);
        }),
        ...(peer === undefined ? {} : { peer: () => peer.time({ task: 'prompt', file, tokens: prompt() }) }),
      },
    )),
    ...(await beside(
      'SmolLM2: tokens, with cache',
      { each: FURTHER, goal: 1, log },
      {
        own: own(async () => {
          for (const token of further) await model.scores((read = [...read, token]));
        }),
        ...(peer === undefined ? {} : { peer: () => peer.time({ task: 'further', file, tokens: further }) }),
      },
    )),
  ];
  model.dispose();
  return rows;
}

async function gptRows(gpt: GptBench, peer: Peer | undefined, log: Log): Promise<Row[]> {
  const { name, size, batch, steps } = gpt;
  const step = await gptStep(gpt);
  try {
    return await beside(
      `${name}: step`,
      { goal: GPT_GOAL, log },
      {
        own: () => {
          const began = performance.now();
          for (let i = 0; i < steps; i++) step.take();
          return { ms: (performance.now() - began) / steps };
        },
        ...(peer === undefined ? {} : { peer: () => peer.time({ task: 'gpt', size, batch, steps, variant: 'fused' }) }),
      },
    );
  } finally {
    step.dispose();
  }
}

interface Beside {
  /** Tokens of a round: told as tokens a second. */
  readonly each?: number;
  /** The most that ours may take, as a ratio to the peer's. */
  readonly goal: number;
  readonly log: Log;
}

async function beside(
  name: string,
  { each, goal, log }: Beside,
  { own, peer }: { readonly own: Round; readonly peer?: Round },
): Promise<Row[]> {
  const ours: Timed[] = [];
  const theirs: Timed[] = [];
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const timed = await own();
    const other = await peer?.();
    if (round === 0) continue;
    ours.push(timed);
    if (other !== undefined) theirs.push(other);
  }
  const rows: Row[] = [];
  const row = (what: string, value: number, unit: string, more: Partial<Row> = {}): void => {
    rows.push({ bench: 'language', name: `${name}, ${what}`, value, unit, ...more });
    log(`  ${`${name}, ${what}`.padEnd(52)} ${value.toPrecision(4).padStart(9)} ${unit}`);
  };
  const spread = (all: readonly Timed[]): string => all.map(({ ms }) => ms.toFixed(0)).join(', ');
  for (const [who, all] of [
    ['ours', ours],
    ['PyTorch', theirs],
  ] as const) {
    if (all.length === 0) continue;
    const ms = median(all.map((one) => one.ms));
    const note = `${spread(all)} ms`;
    if (each === undefined) row(who, ms, 'ms', { note });
    else row(who, (each * 1000) / ms, 'tokens/s', { note });
    const memory = all.flatMap(({ mb }) => (mb === undefined ? [] : [mb]));
    if (memory.length > 0 && each !== undefined) row(`${who}, memory`, Math.max(...memory), 'MB');
  }
  if (theirs.length > 0) {
    // Of each round's pair, so that slow moments of the machine cancel out.
    const ratio = median(ours.map(({ ms }, i) => ms / (theirs[i]?.ms ?? NaN)));
    row('ours / PyTorch', ratio, 'ratio', { goal: `at most ${goal}`, met: ratio <= goal });
  }
  return rows;
}

/**
 * Language models beside PyTorch, with the same float32 weights and two threads each: SmolLM2 (transformers), a step of its
 * fine-tuning with LoRA, and a step of the lesson's GPT. Each training has a process of its own on either side, so that its
 * memory is told, too. Rounds are interleaved, so that what else the machine does falls on both alike; both are warm.
 */
import { languageModelFile } from '../../../src/client/paths';
import { labPaths } from '../../../src/cli/context';
import { installPeers, isInstalled, Peer } from '../peers';
import { median, type Log, type Row } from '../row';
import type { Timed, TimedProcess } from '../timedProcess';
import { GPTS } from './gpt';
import { LORA } from './lora';
import { ownProcess, type Request } from './process';

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

/** Who is timed: ours, and PyTorch where it is installed. */
type Pair = readonly [TimedProcess] | readonly [TimedProcess, TimedProcess];

export async function language({ log, peers }: Options): Promise<Row[]> {
  if (peers) installPeers(['language'], log);
  const hasPeer = isInstalled('language');
  if (!hasPeer) log('transformers is not installed: --peers installs it.');
  const file = languageModelFile(labPaths());
  const rows: Row[] = [];
  const inPair = async (work: (pair: Pair) => Promise<readonly Row[]>): Promise<void> => {
    const pair: Pair = hasPeer ? [ownProcess(), new Peer('language')] : [ownProcess()];
    try {
      rows.push(...(await work(pair)));
    } finally {
      for (const one of pair) one.stop();
    }
  };
  await inPair((pair) => smol(file, pair, log));
  await inPair((pair) =>
    beside('SmolLM2: LoRA step', pair, () => ({ ...LORA, task: 'lora', file, steps: 1 }), { goal: 1, log }),
  );
  for (const { name, size, batch, steps } of GPTS) {
    const request = { task: 'gpt', size, batch, steps, variant: 'fused' } as const;
    await inPair((pair) => beside(`${name}: step`, pair, () => request, { goal: GPT_GOAL, log }));
  }
  return rows;
}

/** SmolLM2: reading a prompt, then one token after the other. */
async function smol(file: string, pair: Pair, log: Log): Promise<Row[]> {
  let count = 0;
  /** The first token is another one each time: what was read before is of no use. */
  const prompt = (): number[] => {
    count++;
    return Array.from({ length: PROMPT }, (_, i) => 100 + ((i * 31 + (i === 0 ? count : 0)) % 40_000));
  };
  const further = Array.from({ length: FURTHER }, (_, i) => 500 + i);
  return [
    ...(await beside('SmolLM2: prompt', pair, () => ({ task: 'prompt', file, tokens: prompt() }), {
      each: PROMPT,
      goal: 1,
      log,
    })),
    ...(await beside('SmolLM2: tokens, with cache', pair, () => ({ task: 'further', file, tokens: further }), {
      each: FURTHER,
      goal: 1,
      log,
    })),
  ];
}

interface Beside {
  /** Tokens of a round: told as tokens a second. */
  readonly each?: number;
  /** The most that ours may take, as a ratio to the peer's. */
  readonly goal: number;
  readonly log: Log;
}

/** @param ask makes the request of a round, the same for both */
async function beside(name: string, pair: Pair, ask: () => Request, { each, goal, log }: Beside): Promise<Row[]> {
  const times: Timed[][] = pair.map(() => []);
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const request = ask();
    for (const [i, one] of pair.entries()) {
      const timed = await one.time(request);
      if (round > 0) times[i]?.push(timed);
    }
  }
  const trained = new Set(times.map(([timed]) => timed?.trained));
  if (trained.size > 1) throw new Error(`${name}: not the same is trained, ${[...trained].join(' and ')} numbers.`);
  const rows: Row[] = [];
  const row = (what: string, value: number, unit: string, more: Partial<Row> = {}): void => {
    rows.push({ bench: 'language', name: `${name}, ${what}`, value, unit, ...more });
    log(`  ${`${name}, ${what}`.padEnd(52)} ${value.toPrecision(4).padStart(9)} ${unit}`);
  };
  const spread = (all: readonly Timed[]): string => all.map(({ ms }) => ms.toFixed(0)).join(', ');
  const peaks = times.map((all) => Math.max(...all.map(({ mb }) => mb ?? NaN)));
  for (const [i, all] of times.entries()) {
    const who = i === 0 ? 'ours' : 'PyTorch';
    const ms = median(all.map((one) => one.ms));
    const note = `${spread(all)} ms`;
    if (each === undefined) row(who, ms, 'ms', { note });
    else row(who, (each * 1000) / ms, 'tokens/s', { note });
    if (!Number.isNaN(peaks[i])) row(`${who}, most memory`, peaks[i] ?? NaN, 'MB');
  }
  const [ours = [], theirs] = times;
  if (theirs !== undefined) {
    // Of each round's pair, so that slow moments of the machine cancel out.
    const ratio = median(ours.map(({ ms }, i) => ms / (theirs[i]?.ms ?? NaN)));
    row('ours / PyTorch', ratio, 'ratio', { goal: `at most ${goal}`, met: ratio <= goal });
  }
  return rows;
}

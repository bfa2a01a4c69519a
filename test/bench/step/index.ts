/**
 * Milliseconds a training step, side by side: tfjs-node's fit, our eager and compiled step, Keras, PyTorch. Each has two
 * threads; rounds are interleaved, so that what else the machine does falls on all alike; every contender is warm.
 */
import * as tf from '@tensorflow/tfjs';
import path from 'node:path';
import { engineOptions } from '../../../src/client/processes/engine';
import { defaultCache } from '../../../src/files/cache';
import { chooseEngine } from '../../../src/trainer/engine/choose';
import { median, type Row } from '../row';
import { compiled, eager, peer, tfjsFit, type Contender } from './contenders';
import { models, type BenchModel } from './models';
import { installPeers, isInstalled, Peer, THREADS, type PeerName } from '../peers';

export interface BenchOptions {
  /** Install missing peers first. */
  readonly peers?: boolean;
  /** Only these models. */
  readonly models?: readonly string[];
  /** Default 7. */
  readonly rounds?: number;
  readonly log?: (text: string) => void;
}

const PEERS: readonly PeerName[] = ['keras', 'torch'];

interface Goal {
  readonly against: string;
  readonly atMost: number;
}

/** What the compiled step shall reach, as ratios to a peer. */
const GOALS: Readonly<Record<BenchModel['name'], Goal>> = {
  cnn: { against: 'Keras fit', atMost: 0.9 },
  mlp: { against: 'PyTorch', atMost: 0.5 },
  lstm: { against: 'Keras fit', atMost: 1 },
  transformer: { against: 'Keras fit', atMost: 1 },
};
const CNN_SHARE = 0.6;

export async function bench(options: BenchOptions = {}): Promise<Row[]> {
  const { log = () => undefined, rounds = 7 } = options;
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(THREADS);
  process.env['TF_NUM_INTEROP_THREADS'] ??= String(THREADS);
  await chooseEngine(engineOptions({ engine: 'native', paths: { root: path.resolve('.'), cache: defaultCache() } }));
  if (options.peers === true) installPeers(PEERS, log);
  const rows: Row[] = [];
  const running = new Map<PeerName, Peer>();
  for (const name of PEERS) {
    if (isInstalled(name)) running.set(name, new Peer(name));
    else log(`${name} is not installed: its rows are left out (npm run bench -- --only step --peers installs it).`);
  }
  try {
    for (const model of models) {
      if (options.models !== undefined && !options.models.includes(model.name)) continue;
      log(model.title);
      rows.push(...(await timeModel(model, running, rounds, log)));
    }
  } finally {
    for (const process of running.values()) process.stop();
  }
  return rows;
}

async function timeModel(
  model: BenchModel,
  running: ReadonlyMap<PeerName, Peer>,
  rounds: number,
  log: (text: string) => void,
): Promise<Row[]> {
  const ours = compiled(model);
  const contenders: Contender[] = [tfjsFit(model), eager(model), ours];
  const keras = running.get('keras');
  if (keras !== undefined) contenders.push(peer(model, keras, 'fit', 'Keras fit'));
  const torch = running.get('torch');
  if (torch !== undefined)
    contenders.push(peer(model, torch, 'eager', 'PyTorch'), peer(model, torch, 'compile', 'PyTorch, torch.compile'));

  const times = new Map<string, number[]>();
  const failed = new Map<string, string>();
  const rates: number[] = [];
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) {
      if (failed.has(contender.name)) continue;
      try {
        const milliseconds = await contender.round();
        if (round > 0) times.set(contender.name, [...(times.get(contender.name) ?? []), milliseconds]);
      } catch (error) {
        failed.set(contender.name, error instanceof Error ? error.message : String(error));
        log(`  ${contender.name} failed: ${failed.get(contender.name) ?? ''}`);
      }
    }
    rates.push(matmulRate());
  }
  for (const contender of contenders) await contender.dispose();

  const rows: Row[] = [];
  const rate = median(rates);
  const row = (
    name: string,
    value: number,
    unit: 'ms' | 'ratio' | 'GFLOP/s' | 'share',
    more: Partial<Row> = {},
  ): void => {
    rows.push({ bench: 'step', name: `${model.name}: ${name}`, value, unit, ...more });
    log(`  ${name.padEnd(42)} ${value.toPrecision(4).padStart(9)} ${unit}${more.goal ? `  (goal ${more.goal})` : ''}`);
  };
  for (const [name, values] of times) row(name, median(values), 'ms');
  const own = times.get(ours.name) ?? [];
  row(
    'building and loading the graph',
    ours.compileMilliseconds(),
    'ms',
    model.name === 'cnn' ? under(ours.compileMilliseconds(), 1000, 'ms') : {},
  );
  const { against, atMost } = GOALS[model.name];
  for (const [name, values] of times) {
    if (name === ours.name) continue;
    // Of each round's pair, so that slow moments of the machine cancel out.
    const value = median(own.map((milliseconds, i) => milliseconds / (values[i] ?? NaN)));
    row(`compiled / ${name}`, value, 'ratio', name === against ? under(value, atMost, '') : {});
  }
  const speed = model.flops / median(own) / 1e6;
  row('compiled', speed, 'GFLOP/s');
  row('matrix product of this machine', rate, 'GFLOP/s');
  const share = speed / rate;
  row(
    'compiled, share of the matrix product',
    share,
    'share',
    model.name === 'cnn' ? { goal: `>= ${CNN_SHARE}`, met: share >= CNN_SHARE } : {},
  );
  return rows;
}

function under(value: number, limit: number, unit: string): Pick<Row, 'goal' | 'met'> {
  return { goal: `<= ${limit}${unit === '' ? '' : ` ${unit}`}`, met: value <= limit };
}

/** GFLOP/s of a float32 product of 1,536 by TensorFlow, the best of three. */
function matmulRate(): number {
  const side = 1536;
  return tf.tidy(() => {
    const [a, b] = [tf.ones<tf.Rank.R2>([side, side]), tf.ones<tf.Rank.R2>([side, side])];
    const rates = Array.from({ length: 3 }, () => {
      const started = performance.now();
      tf.matMul(a, b).dispose();
      return (2 * side ** 3) / (performance.now() - started) / 1e6;
    });
    return Math.max(...rates);
  });
}

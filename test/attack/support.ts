import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrainerConnection } from '../../src/client/processes/connection';
import type { LabErrorData } from '../../src/protocol/errors';
import type { Point, RunRecord } from '../../src/protocol/run';
import { Bench, spirals, type Recipe } from '../unit/trainer/support';

/** A small experiment, with text before it, and a bare `require` for code that comes from plain JavaScript. */
export const file = (before: string, recipe: Recipe = { epochs: 1 }): string =>
  `declare const require: any;\n${before}\n${spirals(recipe)}`;

/** So long a learner waits before they press Stop. */
const PATIENCE_SECONDS = 20;

/**
 * Runs a model file to its end, whatever it does, by a trainer that a client finds or starts now. One that breaks so much
 * that its run never ends is stopped as a learner would.
 */
export async function runToEnd(bench: Bench, text: string): Promise<{ record: RunRecord; points: Point[] }> {
  const trainer = await bench.trainer();
  const run = await bench.start(trainer, bench.modelFile(text));
  const patience = new AbortController();
  const ended = await Promise.race([
    run.ended(),
    trainer.closed,
    delay(PATIENCE_SECONDS * 1000, undefined, { signal: patience.signal }).then(() =>
      trainer.stopRun(run.id, run.runFolder, 1),
    ),
  ]);
  patience.abort();
  if (!('state' in ended) && run.record?.end === undefined) {
    const error = ended.error ?? { code: 'TRAINER_DIED' as const, message: 'it went without a word' };
    return { record: { ...run.record!, state: 'interrupted', end: endOf(error) }, points: run.points };
  }
  return { record: 'state' in ended ? ended : run.record!, points: run.points };
}

const endOf = (error: LabErrorData): NonNullable<RunRecord['end']> => ({
  reason: 'trainerDied',
  at: '',
  unattended: false,
  error,
});

/** The number, from 1, of the first line that holds `text`. */
export const lineOf = (source: string, text: string): number =>
  source.split('\n').findIndex((line) => line.includes(text)) + 1;

/** Runs `work` with these variables in the environment; undefined takes one away. */
export async function withEnvironment<T>(
  variables: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(values))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  };
  set(variables);
  try {
    return await work();
  } finally {
    set(before);
  }
}

/** Stops a process as a debugger or a busy machine does; nobody in it can know. */
export const freeze = ({ hello }: TrainerConnection): void => void process.kill(hello.pid, 'SIGSTOP');
export const thaw = ({ hello }: TrainerConnection): void => void process.kill(hello.pid, 'SIGCONT');

export const modelPath = (bench: Bench): string => path.join(bench.folder, 'model.ts');

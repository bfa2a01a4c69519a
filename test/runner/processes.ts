/** Runs tools and mocha in processes of their own; nothing they start outlives them. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LabPaths } from '../../src/client/paths';
import { SEED_VARIABLE } from '../support/sample';
import type { ToolCheck } from './checks';
import { readResults, RESULTS_VARIABLE, type Outcome, type SuiteResults, type TestResult } from './results';

export interface RunContext {
  readonly paths: LabPaths;
  readonly grep?: string | undefined;
  /** Samples the matrices; undefined: they are whole. */
  readonly seed?: number | undefined;
  /** Only to learn the titles: nothing is run. */
  readonly dry?: boolean;
  readonly signal: AbortSignal;
}

export interface SuiteRun extends SuiteResults {
  /** How its process ended, as words for a sentence. */
  readonly ending: string;
}

export type Suite = (context: RunContext) => Promise<SuiteRun>;

export async function runTool({ tool, commandLines }: ToolCheck, context: RunContext): Promise<Outcome> {
  const program = path.join(context.paths.root, 'node_modules', '.bin', tool);
  for (const args of commandLines) {
    const ending = await start(program, args, {}, undefined, context);
    if (ending !== ENDED_WELL) return { passed: 0, failed: 1, skipped: 0, failures: [`${tool} ${ending}`] };
  }
  return { passed: 1, failed: 0, skipped: 0, failures: [] };
}

/** Tell the suite inside the extension host, which has no command line of its own, what mocha's options are. */
export const GREP_VARIABLE = 'DEEP_LEARNING_LAB_TEST_GREP';
export const DRY_VARIABLE = 'DEEP_LEARNING_LAB_TEST_DRY';

/** A bundle of tests under dist/test, run by mocha's own program. */
export const mochaSuite =
  (bundle: string, timeoutMs: number): Suite =>
  (context) => {
    const dist = path.join(context.paths.root, 'dist', 'test');
    const args = [
      path.join(context.paths.root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
      ...['--reporter', path.join(dist, 'reporter.js')],
      ...(context.grep === undefined ? [] : ['--grep', context.grep]),
      ...(context.dry === true ? ['--dry-run'] : []),
      path.join(dist, bundle),
    ];
    return runSuite(args, timeoutMs, context);
  };

/** A program under dist/test that runs mocha somewhere else and sees to it that `recordResults` is called there. */
export const programSuite =
  (program: string, timeoutMs: number): Suite =>
  (context) =>
    runSuite([path.join(context.paths.root, 'dist', 'test', program)], timeoutMs, context);

async function runSuite(args: readonly string[], timeoutMs: number, context: RunContext): Promise<SuiteRun> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-test-'));
  const file = path.join(folder, 'results.jsonl');
  const env = {
    [RESULTS_VARIABLE]: file,
    [GREP_VARIABLE]: context.grep,
    [SEED_VARIABLE]: context.seed === undefined ? undefined : String(context.seed),
    [DRY_VARIABLE]: context.dry === true ? 'yes' : undefined,
  };
  try {
    const ending = await start(process.execPath, ['--enable-source-maps', ...args], env, timeoutMs, context);
    return { ...readResults(file), ending };
  } finally {
    endLeftBehind(`${RESULTS_VARIABLE}=${file}`);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts test by test; a suite that does not come to its end is one failure more. */
export function outcomeOf({ tests, complete, running, left, ending }: SuiteRun, mayBeEmpty: boolean): Outcome {
  const count = (state: TestResult['state']): number => tests.filter((test) => test.state === state).length;
  const failures = tests
    .filter((test) => test.state === 'failed')
    .map(({ title, message = '' }) => `${title}: ${message.split('\n', 1)[0] ?? ''}`);
  const during = running === undefined ? '' : `, during "${running}"`;
  if (!complete) failures.push(`the suite ${ending} before it was through${during}`);
  else if (tests.length === 0 && !mayBeEmpty) failures.push('there is no test in it');
  else if (failures.length === 0 && ending !== ENDED_WELL) failures.push(`all tests passed, but the suite ${ending}`);
  return {
    passed: count('passed'),
    failed: failures.length,
    skipped: count('skipped'),
    failures,
    longest: longest(tests),
    ...(left === undefined ? {} : { left }),
  };
}

/** Where the time of a suite goes; nothing of a second or less. */
function longest(tests: readonly TestResult[]): NonNullable<Outcome['longest']> {
  return tests
    .map(({ title, seconds = 0 }) => ({ title, seconds }))
    .filter(({ seconds }) => seconds > 1)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 5);
}

const ENDED_WELL = 'ended with 0';

/** Resolves with how it ended, as words for a sentence. */
function start(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number | undefined,
  { paths, signal }: RunContext,
): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: paths.root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      // A group of its own, so that browsers and servers it started can be ended with it.
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32' && !program.endsWith('.exe'),
    });
    let timedOut = false;
    const end = (): void => {
      endGroup(child.pid);
    };
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            end();
          }, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    const settle = (ending: string): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(timedOut ? `was ended after ${String((timeoutMs ?? 0) / 60_000)} minutes` : ending);
    };
    child.once('error', (error) => {
      settle(`did not start: ${error.message}`);
    });
    child.once('close', (code, name) => {
      end(); // whatever it left behind
      settle(code === null ? `was ended by ${name ?? 'a signal'}` : `ended with ${String(code)}`);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // nobody left
  }
}

/** Trainers are detached, and a suite that was ended has not ended its own: they are known by what they inherited. */
function endLeftBehind(variable: string): void {
  if (process.platform !== 'linux') return;
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (environment.includes(variable)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // gone meanwhile, or somebody else's
    }
  }
}

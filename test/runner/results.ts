/**
 * How a mocha suite in another process says what happened: a line of JSON as a test or a hook begins, one with its
 * result as a test ends, and a last line {"end":true}. A suite that dies on the way is so told from one that came to
 * its end, with the test that it died in. A suite of
 * several parts, each in a process of its own, has such an end after each. Behind the last one, {"left":[…]} names what
 * kept a process alive.
 */
import fs from 'node:fs';
import type { Runnable, Runner } from 'mocha';

/** Names the file in the environment of the suite's process. */
export const RESULTS_VARIABLE = 'DEEP_LEARNING_LAB_TEST_RESULTS';

export interface TestResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
  /** Since the result before: the hooks on the way count with it. */
  readonly seconds?: number;
}

/** Adds what `runner` reports to the file that the environment names; does nothing where it names none. */
export function recordResults(runner: Runner, file = process.env[RESULTS_VARIABLE]): void {
  if (file === undefined || file === '') return;
  const write = (line: object): void => {
    fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  let before = Date.now();
  const result = (title: string, state: TestResult['state'], message?: string): void => {
    const seconds = (Date.now() - before) / 1000;
    before = Date.now();
    write({ title, state, seconds, ...(message === undefined ? {} : { message }) } satisfies TestResult);
  };
  for (const begin of ['test', 'hook']) {
    runner.on(begin, (runnable: Runnable) => {
      write({ begun: runnable.fullTitle() });
    });
  }
  runner.on('pass', (test) => {
    result(test.fullTitle(), 'passed');
  });
  // A failing hook comes as a failure too, named after the hook.
  runner.on('fail', (test, error: unknown) => {
    result(test.fullTitle(), 'failed', error instanceof Error ? error.message : String(error));
  });
  runner.on('pending', (test) => {
    result(test.fullTitle(), 'skipped');
  });
  runner.on('end', () => {
    write({ end: true });
  });
}

/** What kept the process of a suite alive after its last test, by Node's names: a test has not cleaned up. */
export function recordLeftBehind(left: readonly string[], file = process.env[RESULTS_VARIABLE]): void {
  if (file !== undefined && file !== '') fs.appendFileSync(file, `${JSON.stringify({ left })}\n`);
}

/** How many tests of a check passed, failed and were skipped. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** For the summary: which failed and why, one line each. */
  readonly failures: readonly string[];
  /** Its longest tests, the longest first. */
  readonly longest?: readonly { readonly title: string; readonly seconds: number }[];
  /** What its process had to be ended for after its last test. */
  readonly left?: readonly string[];
}

export interface SuiteResults {
  readonly tests: readonly TestResult[];
  /** False when the suite died on the way. */
  readonly complete: boolean;
  /** The test or hook that had begun last, where it is not complete. */
  readonly running?: string;
  /** What kept its process alive after its last test. */
  readonly left?: readonly string[];
}

interface Left {
  readonly left: readonly string[];
}

export function readResults(file: string): SuiteResults {
  if (!fs.existsSync(file)) return { tests: [], complete: false };
  const tests: TestResult[] = [];
  let complete = false;
  let running: string | undefined;
  let left: readonly string[] | undefined;
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    let value: TestResult | { readonly begun: string } | { readonly end: true } | Left;
    try {
      value = JSON.parse(line) as typeof value;
    } catch {
      continue; // torn by the death that `complete` tells of
    }
    if ('left' in value) {
      ({ left } = value);
      continue;
    }
    complete = 'end' in value;
    if ('end' in value) continue;
    if ('begun' in value) running = value.begun;
    else tests.push(value);
  }
  return {
    tests,
    complete,
    ...(complete || running === undefined ? {} : { running }),
    ...(left === undefined ? {} : { left }),
  };
}

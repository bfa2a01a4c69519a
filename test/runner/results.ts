/**
 * How a mocha suite in another process says what happened: one line of JSON a test, written as it ends, and a last
 * line {"end":true}. A suite that dies on the way is so told from one that came to its end.
 */
import fs from 'node:fs';
import type { Runner } from 'mocha';

/** Names the file in the environment of the suite's process. */
export const RESULTS_VARIABLE = 'DEEP_LEARNING_LAB_TEST_RESULTS';

export interface TestResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
}

/** Writes what `runner` reports to the file that the environment names; does nothing where it names none. */
export function recordResults(runner: Runner, file = process.env[RESULTS_VARIABLE]): void {
  if (file === undefined || file === '') return;
  const write = (line: object): void => {
    fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  const result = (title: string, state: TestResult['state'], message?: string): void => {
    write({ title, state, ...(message === undefined ? {} : { message }) } satisfies TestResult);
  };
  fs.writeFileSync(file, '');
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

/** How many tests of a check passed, failed and were skipped. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** For the summary: which failed and why, one line each. */
  readonly failures: readonly string[];
}

export interface SuiteResults {
  readonly tests: readonly TestResult[];
  /** False when the suite died on the way. */
  readonly complete: boolean;
}

export function readResults(file: string): SuiteResults {
  if (!fs.existsSync(file)) return { tests: [], complete: false };
  const tests: TestResult[] = [];
  let complete = false;
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    let value: TestResult | { readonly end: true };
    try {
      value = JSON.parse(line) as typeof value;
    } catch {
      continue; // torn by the death that `complete` tells of
    }
    if ('end' in value) complete = true;
    else tests.push(value);
  }
  return { tests, complete };
}

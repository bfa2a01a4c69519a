/** Runs the suite in the extension host: VS Code calls the `run` that esbuild.mjs makes of this and all *.test.ts. */
import Mocha from 'mocha';
import { recordResults } from '../runner/results';
import { DRY_VARIABLE, GREP_VARIABLE } from '../runner/processes';

/** Which part of the suite a launch is for; see launch.ts. */
export const PART_VARIABLE = 'DEEP_LEARNING_LAB_TEST_PART';

/** Begins each line of the report on the extension host's console, which others use as well. */
export const REPORT_MARK = '[test]';

/** @param load executes the test files, once mocha's `describe` and `it` are there. */
export async function runSuite(load: () => void): Promise<void> {
  const grep = process.env[GREP_VARIABLE];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 120_000,
    reporter: Mocha.reporters.Base,
    dryRun: process.env[DRY_VARIABLE] !== undefined,
    ...(grep === undefined ? {} : { grep }),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  // Only the named part is run: a launch differs in trust and language.
  const part = process.env[PART_VARIABLE] ?? 'main';
  mocha.suite.suites = mocha.suite.suites.filter(({ title }) => title.startsWith(`${part}:`));
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    recordResults(runner);
    report(runner);
  });
  if (failures > 0) throw new Error(`${String(failures)} tests failed`);
}

function report(runner: Mocha.Runner): void {
  const say = (text: string): void => {
    console.log(REPORT_MARK, text);
  };
  runner.on('pass', (test) => {
    say(`  ✔ ${test.fullTitle()} (${String(test.duration ?? 0)} ms)`);
  });
  runner.on('pending', (test) => {
    say(`  - ${test.fullTitle()}`);
  });
  runner.on('fail', (test, error: unknown) => {
    say(`  ✘ ${test.fullTitle()}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  });
}

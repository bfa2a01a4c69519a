/** The mocha reporter of all suites: mocha's own "spec" for people, results.ts for the sums. */
import Mocha from 'mocha';
import { recordLeftBehind, recordResults } from './results';

/** From the last test to the process's own end; it takes less than a second where nothing is left. */
const END_MS = 20_000;

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    recordResults(runner);
    runner.once('end', () => {
      setTimeout(() => {
        recordLeftBehind(process.getActiveResourcesInfo());
        process.exit(); // with mocha's own code
      }, END_MS).unref();
    });
  }
}

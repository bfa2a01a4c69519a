/** The mocha reporter of all suites: mocha's own "spec" for people, results.ts for the sums. */
import Mocha from 'mocha';
import { recordResults } from './results';

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    recordResults(runner);
  }
}

/**
 * `npm test`: sets up what is missing, runs every check, prints the sums as its last line.
 *   npm test [-- --only NAME ...] [-- --grep TEXT]
 */
import { parseArgs } from 'node:util';
import { errorText, saveDetails } from '../src/cli/errorText';
import { INTERRUPTED, labPaths } from '../src/cli/context';
import { StopRequests } from '../src/cli/stop';
import { toErrorData, type LabErrorData } from '../src/protocol/errors';
import { ensure } from '../src/setup/steps';
import { CHECKS, type Check, type Outcome } from './runner/checks';
import type { RunContext } from './runner/processes';
import { lastLine, summary, type CheckOutcome } from './runner/summary';

const HELP = `usage: npm test [-- --only NAME] [--grep TEXT]

Sets up what is missing and runs: ${CHECKS.map(({ name }) => name).join(', ')}.
  --only NAME   only this one; may be given several times
  --grep TEXT   only tests whose title matches it (unit, vscode, ui)`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      grep: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const checks = chosen(values.only, values.grep);
  const context = { paths: labPaths(), grep: values.grep, signal: new StopRequests().signal };
  const outcomes: CheckOutcome[] = [];
  for (const check of checks) {
    console.log(`\n▶ ${check.title}`);
    const started = Date.now();
    const outcome = await runCheck(check, context);
    if (context.signal.aborted) return INTERRUPTED;
    const seconds = (Date.now() - started) / 1000;
    outcomes.push({ title: check.title, seconds, ...outcome });
    console.log(`  ${lastLine([outcome])} in ${seconds.toFixed(1)} s`);
  }
  console.log(summary(outcomes));
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** What cannot be set up fails the checks that need it; the others still tell what they can. */
async function runCheck(check: Check, context: RunContext): Promise<Outcome> {
  try {
    await ensure(check.needs, context);
  } catch (error) {
    const data = toErrorData(error);
    report(data);
    return { passed: 0, failed: 1, skipped: 0, failures: [`set-up: ${data.message}`] };
  }
  return check.run(context);
}

function chosen(only: readonly string[] | undefined, grep: string | undefined): readonly Check[] {
  if (only === undefined) return grep === undefined ? CHECKS : CHECKS.filter(({ hasTitles }) => hasTitles);
  for (const name of only) {
    if (!CHECKS.some((check) => check.name === name)) throw new Error(`There is no check "${name}".\n\n${HELP}`);
  }
  return CHECKS.filter(({ name }) => only.includes(name));
}

function report(error: LabErrorData): void {
  console.error(errorText(error));
  const file = saveDetails(error, labPaths().cache);
  if (file !== undefined) console.error(`Details: ${file}`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    report(toErrorData(error));
    // Whoever reads the last line shall not take silence for success.
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);

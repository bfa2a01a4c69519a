/**
 * `npm test`: sets up what is missing, runs every check, prints the sums as its last line.
 *   npm test [-- --only NAME ...] [--grep TEXT] [--full] [--seed N] [--each [--slice I/N]]
 */
import { parseArgs } from 'node:util';
import { errorText, saveDetails } from '../src/cli/errorText';
import { INTERRUPTED, labPaths } from '../src/cli/context';
import { StopRequests } from '../src/cli/stop';
import { toErrorData, type LabErrorData } from '../src/protocol/errors';
import { ensure } from '../src/setup/steps';
import { CHECKS, type Check } from './runner/checks';
import { runEach, type Slice } from './runner/each';
import { outcomeOf, runTool, type RunContext } from './runner/processes';
import type { Outcome } from './runner/results';
import { lastLine, summary, type CheckOutcome } from './runner/summary';

const HELP = `usage: npm test [-- --only NAME] [--grep TEXT] [--full | --seed N] [--each [--slice I/N]]

Sets up what is missing and runs: ${CHECKS.map(({ name }) => name).join(', ')}.
  --only NAME   only this one; may be given several times
  --grep TEXT   only tests whose title matches it (unit, vscode, ui)
  --full        whole matrices; without it a part of each, in which every value of every axis occurs
  --seed N      the part that an earlier run took
  --each        every test alone, in a process of its own: it has to pass without the others
  --slice I/N   with --each: only the I-th of N parts of the list`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      grep: { type: 'string' },
      full: { type: 'boolean' },
      seed: { type: 'string' },
      each: { type: 'boolean' },
      slice: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const checks = chosen(values.only, values.grep !== undefined || values.each === true);
  // Who names a test shall get it, whatever would have been drawn.
  const whole = values.full === true || values.grep !== undefined;
  const seed = whole ? undefined : (number(values.seed, 'seed') ?? Math.floor(Math.random() * 1e6));
  const slice = values.each === true ? sliceOf(values.slice ?? '1/1') : undefined;
  const context = { paths: labPaths(), grep: values.grep, seed, signal: new StopRequests().signal };
  if (seed !== undefined)
    console.log(`Matrices are sampled with seed ${String(seed)} (-- --seed ${String(seed)} repeats it).`);
  const outcomes: CheckOutcome[] = [];
  const one = async (check: Check): Promise<void> => {
    console.log(`\n▶ ${check.title}`);
    const started = Date.now();
    const outcome = await runCheck(check, context, slice);
    const seconds = (Date.now() - started) / 1000;
    outcomes.push({ title: check.title, seconds, ...outcome });
    console.log(`  ${check.title}: ${lastLine([outcome])} in ${seconds.toFixed(1)} s`);
  };
  // Tools take one core each, and nothing in them depends on time; suites have the machine for themselves.
  await Promise.all(checks.filter((check) => 'tool' in check).map(one));
  for (const check of checks) {
    if (context.signal.aborted) return INTERRUPTED;
    if ('suite' in check) await one(check);
  }
  if (context.signal.aborted) return INTERRUPTED;
  console.log(summary(outcomes));
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** What cannot be set up fails the checks that need it; the others still tell what they can. */
async function runCheck(check: Check, context: RunContext, slice: Slice | undefined): Promise<Outcome> {
  try {
    await ensure(check.needs, context);
  } catch (error) {
    const data = toErrorData(error);
    report(data);
    return { passed: 0, failed: 1, skipped: 0, failures: [`set-up: ${data.message}`] };
  }
  if ('tool' in check) return runTool(check, context);
  if (slice !== undefined) return runEach(check.suite, context, slice);
  return outcomeOf(await check.suite(context), context.grep !== undefined);
}

function chosen(only: readonly string[] | undefined, byTitle: boolean): readonly Check[] {
  if (only === undefined) return byTitle ? CHECKS.filter((check) => 'suite' in check) : CHECKS;
  for (const name of only) {
    if (!CHECKS.some((check) => check.name === name)) throw new Error(`There is no check "${name}".\n\n${HELP}`);
  }
  return CHECKS.filter(({ name }) => only.includes(name));
}

function number(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}".\n\n${HELP}`);
  return Number(text);
}

function sliceOf(text: string): Slice {
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (part === undefined || parts === undefined || part < 1 || part > parts)
    throw new Error(`--slice takes something like 2/5, not "${text}".\n\n${HELP}`);
  return { part, parts };
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

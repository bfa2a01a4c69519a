/**
 * `npm run bench`: measures the product in the real VS Code, browser and engine, and says what was hoped for.
 *   npm run bench [-- --only NAME ...] [-- --json] [-- --peers]
 */
import { parseArgs } from 'node:util';
import { ensure } from '../../src/setup/steps';
import { labPaths } from '../../src/cli/context';
import { activation } from './activation';
import { engines } from './engines';
import { isEngineProcess } from './engines/own';
import { firstPoint } from './firstPoint';
import { isLongRunChild, longRun } from './longRun';
import { looking } from './looking';
import { million } from './million';
import { notebook } from './notebook';
import { isOwnProcess } from './language/process';
import { typing } from './typing';
import type { Log, Row } from './row';

interface Bench {
  readonly title: string;
  /** All rows in the end, or each as soon as it is there. */
  readonly run: (log: Log, peers: boolean) => Promise<readonly Row[]> | AsyncIterable<Row>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  activation: { title: 'Activation in the extension host', run: activation },
  firstPoint: { title: 'Run Lesson to the first point', run: firstPoint },
  engines: { title: 'WebAssembly, beside the native engine and tfjs in Chromium', run: engines },
  looking: { title: 'Looking at a training: panel and cell', run: looking },
  typing: { title: 'Typing beside a training', run: typing },
  million: { title: 'A million points into the panel', run: million },
  longRun: { title: 'A run of four million points on disk', run: longRun },
  notebook: { title: 'Cells of a notebook: kernel, opening, completion', run: notebook },
  step: {
    title: 'One training step, beside other frameworks',
    run: async (log, peers) => {
      const { bench } = await import('./step');
      return await bench({ log, peers });
    },
  },
  language: {
    title: 'Language models, beside PyTorch',
    run: async (log, peers) => {
      const { language } = await import('./language');
      return await language({ log, peers });
    },
  },
};

const HELP = `usage: npm run bench [-- --only NAME] [-- --json] [-- --peers]

  --only NAME   only this one, may be given several times: ${Object.keys(BENCHES).join(', ')}
  --json        one JSON object a line instead of a table
  --peers       installs Keras, PyTorch and transformers, to compare with, if they are missing`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      peers: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const unknown = values.only?.find((name) => !Object.hasOwn(BENCHES, name));
  if (values.help === true || unknown !== undefined) {
    console.log(unknown === undefined ? HELP : `There is no benchmark "${unknown}".\n\n${HELP}`);
    return unknown === undefined ? 0 : 1;
  }
  await ensure(['engine', 'data', 'vscode', 'browser', 'languageModel'], {
    paths: labPaths(),
    signal: new AbortController().signal,
  });
  // With --json the standard output is for the numbers alone.
  const log: Log = (text) => {
    console.error(text);
  };
  let failed = false;
  for (const [name, { title, run }] of Object.entries(BENCHES)) {
    if (values.only !== undefined && !values.only.includes(name)) continue;
    log(`▶ ${title}`);
    try {
      const rows = run(log, values.peers === true);
      for await (const row of 'then' in rows ? await rows : rows) print(row, values.json === true);
    } catch (error) {
      // The others still have something to tell.
      failed = true;
      console.error(error);
    }
  }
  return failed ? 1 : 0;
}

function print(row: Row, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(row));
    return;
  }
  const { name, value, unit, goal, met, note } = row;
  const verdict = goal === undefined ? '' : `  (goal: ${goal}${met === undefined ? '' : met ? ', met' : ', not met'})`;
  console.log(`  ${name.padEnd(58)} ${value.toPrecision(4).padStart(9)} ${unit}${verdict}`);
  if (note !== undefined) console.log(`    ${note}`);
}

if (isOwnProcess()) {
  void import('./language/own').then(({ answer }) => answer());
} else if (isEngineProcess()) {
  void import('./engines/own').then(({ answer }) => answer());
} else if (!isLongRunChild()) {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

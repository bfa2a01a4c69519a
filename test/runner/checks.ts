/** What `npm test` runs, one after the other. */
import type { StepName } from '../../src/setup/steps';
import { mochaSuite, programSuite, type Suite } from './processes';

interface Common {
  readonly name: string;
  readonly title: string;
  /** What of the set-up it needs. */
  readonly needs: readonly StepName[];
}

/** Command lines of one tool; all of them passing is one test passed. */
export interface ToolCheck extends Common {
  readonly tool: string;
  readonly commandLines: readonly (readonly string[])[];
}

/** Tests with titles, which --grep and --each choose from. */
export interface SuiteCheck extends Common {
  readonly suite: Suite;
}

export type Check = ToolCheck | SuiteCheck;

/** A guard against hanging: a whole suite takes half of it on a slow machine. */
const LIMIT_MS = 40 * 60_000;

export const CHECKS: readonly Check[] = [
  {
    name: 'format',
    title: 'Format (prettier)',
    needs: [],
    tool: 'prettier',
    commandLines: [['--check', '--log-level', 'warn', '.']],
  },
  { name: 'lint', title: 'Lint (eslint)', needs: [], tool: 'eslint', commandLines: [['--max-warnings', '0', '.']] },
  {
    name: 'typecheck',
    title: 'Types (tsc)',
    needs: [],
    tool: 'tsc',
    commandLines: [
      ['--noEmit', '-p', '.'],
      ['--noEmit', '-p', 'webview'],
      ['--noEmit', '-p', 'samples'],
    ],
  },
  {
    name: 'unit',
    title: 'Unit (real engine)',
    needs: ['engine', 'data', 'languageModel', 'vscode'],
    suite: mochaSuite('unit.js', LIMIT_MS),
  },
  {
    name: 'attack',
    title: 'Attack (real processes, really killed)',
    needs: ['engine', 'data'],
    suite: mochaSuite('attack.js', LIMIT_MS),
  },
  {
    name: 'vscode',
    title: 'VS Code (in the extension host)',
    needs: ['engine', 'data', 'vscode', 'browser'],
    suite: programSuite('vscodeLaunch.js', LIMIT_MS),
  },
  {
    name: 'ui',
    title: 'UI (real VS Code in a browser)',
    needs: ['engine', 'data', 'vscode', 'browser'],
    suite: mochaSuite('ui.js', LIMIT_MS),
  },
];

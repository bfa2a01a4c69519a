/** What `npm test` runs, one after the other. Each says how many tests passed, failed and were skipped. */
import type { StepName } from '../../src/setup/steps';
import { runLauncher, runMocha, runTool, type RunContext } from './processes';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** For the summary: which failed and why, one line each. */
  readonly failures: readonly string[];
}

export interface Check {
  readonly name: string;
  readonly title: string;
  /** What of the set-up it needs. */
  readonly needs: readonly StepName[];
  /** Whether it consists of tests with titles, which --grep can choose from. */
  readonly hasTitles: boolean;
  readonly run: (context: RunContext) => Promise<Outcome>;
}

const MINUTE = 60_000;

export const CHECKS: readonly Check[] = [
  {
    name: 'format',
    title: 'Format (prettier)',
    needs: [],
    hasTitles: false,
    run: (context) => runTool('prettier', [['--check', '--log-level', 'warn', '.']], context),
  },
  {
    name: 'lint',
    title: 'Lint (eslint)',
    needs: [],
    hasTitles: false,
    run: (context) => runTool('eslint', [['--max-warnings', '0', '.']], context),
  },
  {
    name: 'typecheck',
    title: 'Types (tsc)',
    needs: [],
    hasTitles: false,
    run: (context) =>
      runTool(
        'tsc',
        [
          ['--noEmit', '-p', '.'],
          ['--noEmit', '-p', 'webview'],
          ['--noEmit', '-p', 'samples'],
        ],
        context,
      ),
  },
  {
    name: 'unit',
    title: 'Unit (real engine)',
    needs: ['engine', 'data', 'vscode'],
    hasTitles: true,
    run: (context) => runMocha('unit.js', 15 * MINUTE, context),
  },
  {
    name: 'vscode',
    title: 'VS Code (in the extension host)',
    needs: ['engine', 'data', 'vscode', 'browser'],
    hasTitles: true,
    run: (context) => runLauncher('vscodeLaunch.js', 6 * MINUTE, context),
  },
  {
    name: 'ui',
    title: 'UI (real VS Code in a browser)',
    needs: ['engine', 'data', 'vscode', 'browser'],
    hasTitles: true,
    run: (context) => runMocha('ui.js', 15 * MINUTE, context),
  },
];

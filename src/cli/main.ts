/** The terminal programs: node dist/cli.js COMMAND [ARG ...]. Each npm script that needs one calls it by scripts/run.mjs. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { LabError, toErrorData } from '../protocol/errors';
import { check, checkHelp } from './check';
import { setLocale } from '../words/numbers';
import { INTERRUPTED, labPaths, terminalLocale, type Command } from './context';
import { engine, engineHelp } from './engine';
import { errorText, saveDetails } from './errorText';
import { generate, generateHelp } from './generate';
import { leave, leaveHelp } from './leave';
import { lesson, lessonHelp } from './lesson';
import { notebook, notebookHelp } from './notebook';
import { setup, setupHelp } from './setup';
import { start, startHelp } from './start';
import { StopRequests } from './stop';

const COMMANDS: Readonly<Record<string, { readonly run: Command; readonly help: () => string }>> = {
  start: { run: start, help: startHelp },
  lesson: { run: lesson, help: lessonHelp },
  generate: { run: generate, help: generateHelp },
  check: { run: check, help: checkHelp },
  notebook: { run: notebook, help: notebookHelp },
  engine: { run: engine, help: engineHelp },
  setup: { run: setup, help: setupHelp },
  leave: { run: leave, help: leaveHelp },
};

/** VS Code puts its own word before those of `vscode:uninstall`: --type=extension-post-uninstall. */
const HOOK = '--type=extension-post-';

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2).filter((word, index) => index > 0 || !word.startsWith(HOOK));
  const paths = labPaths();
  useLanguage(paths.root);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    console.error(l10n.t('Unknown command "{0}". There are: {1}', name, Object.keys(COMMANDS).join(', ')));
    return 1;
  }
  if (args.includes('--help') || args.includes('-h')) {
    console.log(command.help());
    return 0;
  }
  try {
    return await command.run(args, { paths, stops: new StopRequests() });
  } catch (error) {
    return fail(error, command.help, paths.cache);
  }
}

function fail(error: unknown, help: () => string, cache: string): number {
  if (isUsageError(error)) {
    console.error(`${error.message}\n\n${help()}`);
    return 1;
  }
  const data = toErrorData(error);
  console.error(errorText(data));
  const file = saveDetails(data, cache);
  if (file !== undefined) console.error(l10n.t('Details: {0}', file));
  return error instanceof LabError && error.code === 'CANCELLED' ? INTERRUPTED : 1;
}

/** parseArgs throws these for an option it does not know. */
function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') ?? false);
}

/** The terminal's language, where the lab speaks it. */
function useLanguage(root: string): void {
  setLocale(terminalLocale());
  const bundle = path.join(root, 'l10n', `bundle.l10n.${terminalLocale()}.json`);
  if (fs.existsSync(bundle)) l10n.config({ fsPath: bundle });
}

// Should nothing be left to wait for before it has come to its end, that is no success.
process.exitCode = 1;
void main().then((code) => {
  process.exitCode = code;
});

/** The browser that tests drive. */
import * as l10n from '@vscode/l10n';
import type { SetupContext } from './context';
import { findProgram } from './process';
import { requireProgram, type Program } from './programs';

const CANDIDATES: readonly string[] = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of an installed Chromium or Chrome: $CHROME_PATH, else the first that is found. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram(candidates(env), env);
}

/** @throws LabError SETUP_PROGRAM_MISSING */
export function requireBrowser(context: SetupContext): Promise<string> {
  const program: Program = {
    name: l10n.t('A Chromium browser'),
    purpose: l10n.t('drive VS Code in tests'),
    candidates: candidates(context.env),
    packages: ['chromium'],
    remedy: l10n.t(
      'Install Chromium or Chrome (Debian: sudo apt-get install chromium), or let CHROME_PATH name one, and run the command again.',
    ),
  };
  return requireProgram(program, context);
}

function candidates(env: NodeJS.ProcessEnv): readonly string[] {
  const own = env['CHROME_PATH'];
  return own === undefined || own === '' ? CANDIDATES : [own, ...CANDIDATES];
}

/** Arguments for a browser that runs unattended. Root has no sandbox to use. */
export const BROWSER_ARGUMENTS: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

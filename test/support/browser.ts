import { chromium, type Browser } from 'playwright-core';
import { BROWSER_ARGUMENTS, findBrowser } from '../../src/setup/browser';

/** @throws when there is none: `npm test` installs one first. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('No Chromium found: run "npm run setup".');
  return await chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS] });
}

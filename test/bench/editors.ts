/** Editors of the real VS Code, opened and closed as from the keyboard. */
import type { Locator } from 'playwright-core';
import { eventually } from '../support/wait';
import type { Window } from '../ui/workbench';

/** By its name, as from the keyboard. @returns seconds from Enter until it is shown */
export async function open({ page, quickInput }: Window, name: string, shown: () => Promise<unknown>): Promise<number> {
  // The list may still be that of another text: its first one is not always it.
  const row = quickInput.locator('.monaco-list-row', { hasText: name }).first();
  await eventually(async () => {
    // A frame that takes the focus late takes a key with it; a list that is asked too early stays as it is.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+P');
    const typed = quickInput.locator('input').fill(name, { timeout: 3000 });
    return await typed.then(() => row.waitFor({ timeout: 5000 })).then(isDone, isNotYet);
  }, `${name} in the list of files`);
  const asked = performance.now();
  await row.click();
  await shown();
  return (performance.now() - asked) / 1000;
}

/** A notebook that is opened again stands where it was left, and draws only what is in sight. */
export async function toTop({ page }: Window, first: Locator): Promise<void> {
  const list = page.locator('.notebookOverlay .cell-list-container');
  await list.waitFor();
  await eventually(async () => {
    if (await first.isVisible()) return true;
    await list.hover({ position: { x: 10, y: 200 } });
    await page.mouse.wheel(0, -3000);
    return undefined;
  }, 'the first cell');
}

export async function closeAll({ page }: Window): Promise<void> {
  await eventually(async () => {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+W');
    return await page.locator('.tab').first().waitFor({ state: 'detached', timeout: 3000 }).then(isDone, isNotYet);
  }, 'every editor closed');
}

const isDone = (): true => true;
const isNotYet = (): undefined => undefined;

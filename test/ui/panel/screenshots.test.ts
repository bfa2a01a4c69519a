/**
 * Every state of the page in two widths, in every theme with --full, otherwise in one: no violation of the policy, no
 * finding of axe, and a picture.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import type { HostToPanel } from '../../../src/protocol/panel';
import { sample } from '../../support/sample';
import { root, THEMES, usePanels, type PanelPage } from './page';
import { INSIDE } from './inside';
import { SCENES } from './scenes';
import { TEXTS } from './texts';

const FOLDER = path.join(root, 'test/ui/screenshots/panel');
const WIDTHS = [400, 900] as const;

describe('the panel in every theme', function () {
  this.timeout(120_000);
  const { open } = usePanels();

  before(() => {
    fs.mkdirSync(FOLDER, { recursive: true });
  });

  const scenes: Readonly<Record<string, () => HostToPanel[] | Promise<HostToPanel[]>>> = {
    ...SCENES,
    ...INSIDE,
    ...TEXTS,
  };
  const sampled = sample({ scene: Object.keys(scenes), theme: THEMES });
  for (const [scene, make] of Object.entries(scenes)) {
    const themes = sampled.filter((cell) => cell.scene === scene).map(({ theme }) => theme);
    it(`shows "${scene}" without faults, findings of axe or sideways scrolling`, async () => {
      const messages = await make();
      const panel = await open({ width: WIDTHS[0], state: { collapsed: [] } });
      await panel.send(...messages);
      for (const width of WIDTHS) {
        await panel.resize(width);
        for (const theme of themes) {
          await panel.theme(theme);
          await panel.page.screenshot({ path: path.join(FOLDER, `${scene}-${theme}-${width}.png`), fullPage: true });
          // What axe looks at differs between themes, not between widths.
          if (width === 900) assert.deepEqual(await seriousFindings(panel), [], theme);
        }
        assert.equal(await panel.overflow(), 0, `wider than ${width} px`);
      }
      const faults = (await panel.sent()).filter((message) => message.type === 'fault');
      assert.deepEqual(faults, []);
    });
  }
});

async function seriousFindings(panel: PanelPage): Promise<string[]> {
  await panel.page.evaluate(axe.source);
  const { violations } = await panel.evaluate<axe.AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join('; ')}`);
}

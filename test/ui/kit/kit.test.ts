/** The kit by itself: two of each chart and picture beside each other, in a page that is not the panel's. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { toColumns } from '../../../src/protocol/columns';
import type { HostToPanel } from '../../../src/protocol/panel';
import type { Picture } from '../../../src/protocol/pictures';
import { INSIDE } from '../panel/inside';
import { launchBrowser, servePage, type Served } from '../panel/page';
import { clothesRun, SCENES } from '../panel/scenes';
import { TEXTS } from '../panel/texts';
import themes from '../panel/themes.json';

const PLACES = { document: false, shadow: true } as const;
type PlaceName = keyof typeof PLACES;

const picturesOf = (messages: readonly HostToPanel[]): Picture[] =>
  messages.flatMap((message) => (message.type === 'picture' ? [message.picture] : []));

/** Foreign elements that have names and tags of the kit's. */
const FOREIGN = `<p class="quiet">quiet</p><section class="chart"><h3>title</h3><ul class="chart-legend"><li>one</li></ul>
  <div class="tooltip">tip</div></section><table class="matrix"><tbody><tr><td class="hit">1</td></tr></tbody></table>
  <input type="range">`;

describe('the kit in a page of its own', function () {
  this.timeout(120_000);
  let browser: Browser;
  let served: Served;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    [browser, served] = await Promise.all([launchBrowser(), servePage()]);
  });
  after(async () => {
    await browser.close();
    await served.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 900, height: 4000 }, reducedMotion: 'reduce' });
    page.on('console', (message) => complaints.push(`${message.text()} ${message.location().url}`));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${served.url}kit`);
    const { variables, classes } = themes.dark;
    await page.evaluate(
      `document.body.className = ${JSON.stringify(classes)};
       for (const [name, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty(name, value);`,
    );
  });
  afterEach(async () => {
    assert.deepEqual(await page.evaluate('harness.violations'), []);
    assert.deepEqual(complaints.splice(0), []);
    await page.close();
  });

  const show = async (kind: 'chart' | 'picture', what: unknown): Promise<void> => {
    for (const [name, inShadow] of Object.entries(PLACES)) {
      await page.evaluate(
        ([method, place, shadow, data]) => {
          const { harness } = globalThis as unknown as { harness: Record<string, (...all: unknown[]) => void> };
          harness[method as string]!(place, shadow, data);
        },
        [kind, name, inShadow, what] as const,
      );
    }
  };
  const at = (place: PlaceName, selector: string): ReturnType<Page['locator']> =>
    page.locator(`[data-place=${place}] ${selector}`);
  const drawn = (place: PlaceName): Promise<number[]> => page.evaluate(`harness.drawn('${place}')`);
  const columns = (): unknown => toColumns(clothesRun().points.slice(0, 200));

  /** The whole of a picture's kind, and a chart. */
  const everything = async (): Promise<readonly (readonly ['chart' | 'picture', string, unknown])[]> => {
    const messages = [
      ...SCENES.boundary(),
      ...SCENES.finished(),
      ...SCENES['sizes-finished'](),
      ...(await INSIDE.walkthrough()),
      ...(await INSIDE.masks()),
      ...(await TEXTS.writing()),
      ...(await TEXTS.words()),
      ...(await TEXTS.embedding()),
    ];
    const pictures = picturesOf(messages).map((picture) => ['picture', picture.kind, picture] as const);
    return [['chart', 'chart', columns()], ...pictures];
  };

  it('is imported without the API of VS Code', async () => {
    assert.equal(await page.evaluate('typeof acquireVsCodeApi'), 'undefined');
    assert.equal(await page.evaluate('typeof harness.picture'), 'function');
  });

  it('draws a chart and every picture twice beside each other, in a document and in a shadow root', async () => {
    const all = await everything();
    assert.equal(new Set(all.map(([, name]) => name)).size, 11);
    for (const [kind, name, what] of all) {
      await show(kind, what);
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      const texts = await Promise.all(
        ['document', 'shadow'].map((place) => at(place as PlaceName, '> div').innerText()),
      );
      assert.equal(texts[0], texts[1], name);
      assert.notEqual(texts[0], '', name);
      const [one, other] = [await drawn('document'), await drawn('shadow')];
      assert.deepEqual(one, other, name);
      assert.ok(
        one.every((share) => share > 0),
        `${name}: ${one.join(' ')}`,
      );
      const ids = await page.evaluate<string[]>('harness.ids()');
      assert.equal(new Set(ids).size, ids.length, `${name}: ${ids.join(' ')}`);
      await page.evaluate("for (const place of document.querySelectorAll('[data-place]')) place.remove()");
    }
  });

  it('changes nothing outside of the elements that it is given', async () => {
    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(`<div id="foreign">${FOREIGN}</div>`)})`,
    );
    const looks = `[...document.querySelectorAll('html, head, head *, body, #foreign, #foreign *')].map((element) => {
      const style = getComputedStyle(element);
      // Body and page grow with what is mounted.
      const names = [...style].filter((name) => name === 'font-size' || !/size|height|width|inset|origin|^(bottom|right)$/.test(name));
      const attributes = element.getAttributeNames().map((name) => name + '=' + element.getAttribute(name));
      return [element.tagName, ...attributes, ...names.map((name) => name + ': ' + style.getPropertyValue(name))].join('; ');
    })`;
    const before = await page.evaluate(looks);
    for (const [kind, , what] of await everything()) {
      await show(kind, what);
      assert.deepEqual(await page.evaluate(looks), before);
      await page.evaluate("for (const place of document.querySelectorAll('[data-place]')) place.remove()");
    }
  });

  for (const place of Object.keys(PLACES) as PlaceName[]) {
    const other = place === 'document' ? 'shadow' : 'document';

    it(`reads the values of one chart by the keyboard, and not of the one beside it (${place})`, async () => {
      await show('chart', columns());
      await at(place, '[role=slider]').focus();
      await page.keyboard.press('Home');
      assert.match((await at(place, '[role=slider]').getAttribute('aria-valuetext')) ?? '', /^Step 1 /);
      assert.equal(await at(place, '.tooltip:visible').count(), 1);
      assert.equal(await at(other, '.tooltip:visible').count(), 0);
    });

    it(`walks through one example by the keyboard, and keeps the focus there when newer numbers come (${place})`, async () => {
      const [walk] = picturesOf(await INSIDE.walkthrough());
      assert.ok(walk?.kind === 'walkthrough');
      await show('picture', walk);
      await at(place, '.walk-move[value=next]').focus();
      await page.keyboard.press('End');
      assert.match(await at(place, '.walk-bar > .quiet').innerText(), /^Step 32 of 32/);
      assert.match(await at(other, '.walk-bar > .quiet').innerText(), /^Step 1 of 32/);
      // "Next" went out of use: the focus is on the way back, inside.
      const focused = `harness.places.${place}.host.getRootNode().activeElement?.value`;
      assert.equal(await page.evaluate(focused), 'back');
      await page.evaluate(
        (newer) => {
          const { harness } = globalThis as unknown as {
            harness: { places: Record<string, { redraw(picture: unknown): void }> };
          };
          for (const place of Object.values(harness.places)) place.redraw(newer);
        },
        { ...walk, step: 999 },
      );
      assert.match(await at(place, '.walk-top').innerText(), /step 999/);
      assert.equal(await page.evaluate(focused), 'back');
    });
  }

  it('follows the theme of VS Code, wherever it is', async () => {
    await show('chart', columns());
    const { variables, classes } = themes['hc-light'];
    await page.evaluate(`document.body.className = ${JSON.stringify(classes)};
      for (const [name, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty(name, value);`);
    for (const place of Object.keys(PLACES)) {
      const [theme] = await page.evaluate<{ highContrast: boolean; background: unknown }[]>(
        `harness.places.${place}.themes`,
      );
      assert.equal(theme?.highContrast, true);
      assert.deepEqual(theme.background, { r: 255, g: 255, b: 255, a: 1 });
    }
  });

  it('reads colours in every form of CSS', async () => {
    // Worked out by hand from the definitions in CSS Color 4; the numbers of oklch are those of its sample code.
    const forms: Readonly<Record<string, readonly [r: number, g: number, b: number, a: number]>> = {
      '#1a85ff': [26, 133, 255, 1],
      ' #fff ': [255, 255, 255, 1],
      '#f008': [255, 0, 0, 136 / 255],
      '#ff000080': [255, 0, 0, 128 / 255],
      'rgba(234, 92, 0, 0.33)': [234, 92, 0, 0.33],
      'rgb(234 92 0 / 33%)': [234, 92, 0, 0.33],
      'rgb(50% 25% 0%)': [127.5, 63.75, 0, 1],
      'rgb(50%, 25%, 0%)': [127.5, 63.75, 0, 1],
      'hsl(120 50% 50%)': [63.75, 191.25, 63.75, 1],
      'hsla(120, 50%, 50%, 0.5)': [63.75, 191.25, 63.75, 0.5],
      'hwb(90 10% 10%)': [127.5, 229.5, 25.5, 1],
      rebeccapurple: [102, 51, 153, 1],
      transparent: [0, 0, 0, 0],
      'color(srgb 0.5 0.25 0)': [127.5, 63.75, 0, 1],
      'color-mix(in srgb, red 30%, blue)': [76.5, 0, 178.5, 1],
      'oklch(1 0 0)': [255, 255, 255, 1],
      // Outside of sRGB.
      'color(srgb 1.5 -1 0)': [255, 0, 0, 1],
    };
    for (const [text, [r, g, b, a]] of Object.entries(forms)) {
      const read = await page.evaluate<Record<string, number> | undefined>(
        `harness.parseColor(${JSON.stringify(text)})`,
      );
      assert.ok(read !== undefined, text);
      for (const [name, value] of Object.entries({ r, g, b })) {
        assert.ok(Math.abs(read[name]! - value) < 0.05, `${text}: ${name} is ${read[name]!}, not ${value}`);
      }
      // The browser keeps the opacity in 8 bits.
      assert.ok(Math.abs(read['a']! - a) <= 0.5 / 255, `${text}: ${read['a']!}`);
    }
    for (const none of ['', 'no colour', '#12345', 'rgb(a, b, c)', 'var(--nothing)']) {
      assert.equal(await page.evaluate(`harness.parseColor(${JSON.stringify(none)})`), undefined, none);
    }
  });
});

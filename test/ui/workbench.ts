/** The real VS Code in a real browser, driven as a person does. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { errors, type Browser, type BrowserContext, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { readPoints } from '../../src/runFolder/points';
import { serveVscode, type ServeOptions, type VscodeServer } from '../../src/setup/vscode';
import type { Columns } from '../../src/protocol/panel';
import { launchBrowser } from '../support/browser';
import { eventually } from '../support/wait';
import { paths, root, World } from '../support/world';

export const SCREENSHOTS = path.join(root, 'test', 'ui', 'screenshots');

export const THEMES = {
  dark: { name: 'Default Dark Modern', style: 'vs-dark' },
  light: { name: 'Default Light Modern', style: 'vs' },
  'hc-dark': { name: 'Default High Contrast', style: 'hc-black' },
  'hc-light': { name: 'Default High Contrast Light', style: 'hc-light' },
} as const;
export type ThemeName = keyof typeof THEMES;

/** What the panel's page was sent, as it noted it from its first moment on. */
interface Received {
  readonly key: string;
  readonly from: number;
  readonly columns: readonly Columns[];
  /** When, in milliseconds as Date.now() gives them. */
  readonly at: number;
}

// VS Code writes the page into a frame that is there already, which takes away every listener of before: ours is added
// again with each that the page adds, and counts once.
const NOTE_POINTS = `
  window.labReceived = [];
  // What is shown together comes as a list.
  const note = ({ data }) => {
    for (const message of Array.isArray(data) ? data : [data]) {
      if (message && message.type === 'show') window.labReceived = [];
      if (message && message.type === 'points') window.labReceived.push({ ...message, at: Date.now() });
    }
  };
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === 'message' && this === window) add.call(window, 'message', note);
    return add.call(this, type, ...rest);
  };
`;

/** What a failed test leaves behind. */
export function leavePicture(window: () => Window): void {
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window().pictureOf(this.currentTest.title);
  });
}

export class Workbench {
  static async open(settings: Readonly<Record<string, unknown>> = {}, env: NodeJS.ProcessEnv = {}): Promise<Workbench> {
    return await Workbench.in(new World(), { settings, env, extensionDevelopmentPath: root });
  }

  /** With what is installed in this world, or with the extension of a folder. */
  static async in(
    world: World,
    { settings = {}, env = {}, ...how }: Pick<ServeOptions, 'settings' | 'env' | 'within' | 'extensionDevelopmentPath'>,
  ): Promise<Workbench> {
    const server = await serveVscode({
      paths,
      ...world.places,
      folder: world.workspace,
      ...how,
      env: { ...world.env, ...env },
      settings: {
        'files.autoSave': 'off',
        'window.confirmBeforeClose': 'never',
        'workbench.colorTheme': THEMES.dark.name,
        ...settings,
      },
    });
    const browser = await launchBrowser();
    fs.mkdirSync(SCREENSHOTS, { recursive: true });
    return new Workbench(world, server, browser, await newContext(browser));
  }

  private constructor(
    readonly world: World,
    private readonly server: VscodeServer,
    private readonly browser: Browser,
    private context: BrowserContext,
  ) {}

  async window(): Promise<Window> {
    const page = await this.context.newPage();
    await page.goto(this.server.url);
    const window = new Window(page, this.world);
    await window.ready();
    return window;
  }

  /** As a browser that crashes does: nobody says good-bye. */
  async crash(): Promise<void> {
    const storageState = await this.context.storageState({ indexedDB: true });
    await this.context.close();
    this.context = await newContext(this.browser, storageState);
  }

  /** As closing the browser does. What a browser keeps for a site stays. */
  async closeWindows(): Promise<void> {
    const storageState = await this.context.storageState({ indexedDB: true });
    // The page says good-bye, so that its extension host ends; one that vanishes is waited for by the server.
    for (const page of this.context.pages()) {
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
    }
    await this.context.close();
    this.context = await newContext(this.browser, storageState);
  }

  /** For windows that are opened, or loaded again, from now on. */
  set(changes: Readonly<Record<string, unknown>>): void {
    const file = path.join(this.world.userDataDir, 'User', 'settings.json');
    const settings = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(file, JSON.stringify({ ...settings, ...changes }));
  }

  async theme(name: ThemeName): Promise<void> {
    this.set({ 'workbench.colorTheme': THEMES[name].name });
    for (const page of this.context.pages()) {
      await page.reload();
      await page.locator(`.monaco-workbench.${THEMES[name].style}`).waitFor();
    }
  }

  async dispose(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.world.dispose();
  }
}

async function newContext(
  browser: Browser,
  storageState?: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    ...(storageState === undefined ? {} : { storageState }),
  });
  // A guard against hanging, not a measure.
  context.setDefaultTimeout(120_000);
  await context.addInitScript(NOTE_POINTS);
  return context;
}

/** For `eventually`: whether it is done, or was not possible in its time. */
async function came(action: () => Promise<void>): Promise<true | undefined> {
  try {
    await action();
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return undefined;
    throw error;
  }
}

export class Window {
  readonly panel: FrameLocator;
  readonly state: Locator;
  readonly quickInput: Locator;
  readonly statusBar: Locator;

  /** The title of the last command. */
  private asked: string | undefined;

  /** Errors and warnings on the console that name the panel's page or its script. */
  readonly complaints: string[] = [];

  constructor(
    readonly page: Page,
    private readonly world: World,
  ) {
    page.on('console', (message) => {
      const { url } = message.location();
      if (process.env['DEEP_LEARNING_LAB_TEST_VERBOSE'] !== undefined && message.type() !== 'log')
        console.log('CONSOLE', message.type(), url.slice(0, 150), message.text().slice(0, 300));
      if (!['error', 'warning'].includes(message.type())) return;
      if (/dist\/webview\/|\/panel\.(js|css)/.test(`${url} ${message.text()}`)) this.complaints.push(message.text());
    });
    this.panel = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
    this.state = this.panel.locator('.run-header .state');
    this.quickInput = page.locator('.quick-input-widget');
    this.statusBar = page.locator('.statusbar');
  }

  /** The workbench is there, and the extension with its views. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.activitybar [aria-label="Deep Learning Lab"]').first().waitFor();
  }

  /** By the command palette. */
  async command(title: string): Promise<void> {
    const input = this.quickInput.locator('input');
    const row = this.quickInput.locator('.monaco-list-row', { hasText: `Deep Learning Lab: ${title}` });
    // A webview that takes the focus late takes a key with it, or closes the palette: a person asks again.
    await eventually(async () => {
      await this.page.keyboard.press('F1');
      return await came(async () => {
        await input.fill(`>Deep Learning Lab: ${title}`, { timeout: 3000 });
        await row.first().waitFor({ timeout: 5000 });
      });
    }, 'the command palette');
    await this.page.keyboard.press('Enter');
    this.asked = title;
  }

  /** Of the list that the command before it shows. */
  async pick(text: string): Promise<void> {
    const row = this.quickInput.locator('.monaco-list-row', { hasText: text }).first();
    await eventually(async () => {
      const clicked = await came(() => row.click({ timeout: 10_000 }));
      if (clicked === undefined && this.asked !== undefined) await this.command(this.asked);
      return clicked;
    }, `the row "${text}"`);
  }

  /** Shows the lab's views. The button that shows them hides them, too, and after a reload they come back by themselves. */
  async views(): Promise<void> {
    const lessons = this.page.getByRole('tree', { name: 'Lessons' });
    await eventually(async () => {
      if (await lessons.isVisible()) return true;
      await this.page.locator('.activitybar [aria-label="Deep Learning Lab"]').first().click();
      return await came(() => lessons.waitFor({ timeout: 5000 }));
    }, 'the views');
  }

  /** Waits until the panel says that its run is in this state. */
  async inState(text: 'Training' | 'Paused' | 'Stopped' | 'Finished' | 'Failed'): Promise<void> {
    await this.state.filter({ hasText: text }).waitFor();
  }

  /** Optimizer steps, as the panel shows them. */
  async step(): Promise<number> {
    const text = (await this.panel.locator('.run-header .facts').textContent()) ?? '';
    return Number(/step ([\d,.\s]+)\//.exec(text)?.[1]?.replaceAll(/\D/g, '') ?? 0);
  }

  async moving(): Promise<void> {
    const before = await this.step();
    await eventually(async () => ((await this.step()) > before ? true : undefined), 'the panel moving');
  }

  /** Every point that the page was sent of the run, in order; fails where one is missing or came twice. */
  async received(): Promise<{ step: number; loss: number }[]> {
    const messages = await this.panel.locator('#app').evaluate(() => {
      const { labReceived } = globalThis as unknown as { labReceived: Received[] };
      return labReceived.map(({ key, from, columns }) => ({
        key,
        from,
        parts: columns.map(({ kind, step, values }) => ({ kind, step: [...step], loss: [...(values['loss'] ?? [])] })),
      }));
    });
    const keys = new Set(messages.map(({ key }) => key));
    assert.ok(keys.size <= 1, 'points of one run');
    const points: { step: number; loss: number }[] = [];
    let count = 0;
    for (const { from, parts } of messages) {
      assert.equal(from, count, 'no point missing, none twice');
      for (const { kind, step, loss } of parts) {
        count += step.length;
        if (kind === 'step') step.forEach((value, index) => points.push({ step: value, loss: loss[index]! }));
      }
    }
    return points;
  }

  /** When the page was sent its first point, as Date.now() gives it; undefined before. */
  async firstPointAt(): Promise<number | undefined> {
    return await this.panel.locator('#app').evaluate(() => {
      const { labReceived } = globalThis as unknown as { labReceived: Received[] };
      return labReceived[0]?.at;
    });
  }

  /** What the page got, waited for until there are as many points, is what is on disk, from the first to the last. */
  async hasEveryPoint(runFolder: string, complete: boolean, least = 1): Promise<number> {
    const readStored = async (): Promise<{ step: number; loss: number }[]> =>
      (await readPoints(runFolder))
        .filter(({ kind }) => kind === 'step')
        .map(({ step, values }) => ({ step, loss: values['loss']! }));
    const wanted = complete ? (await readStored()).length : least;
    const received = await eventually(
      async () => {
        const points = await this.received();
        return points.length >= wanted ? points : undefined;
      },
      `${String(wanted)} points`,
    );
    const stored = await readStored();
    assert.deepEqual(received, complete ? stored : stored.slice(0, received.length));
    return received.length;
  }

  /** Items of the Lessons or the Runs view. */
  items(name: RegExp): Locator {
    return this.page.getByRole('treeitem', { name });
  }

  /** Chooses from the menu of an item in a view. */
  async chooseFrom(item: Locator, entry: string): Promise<void> {
    await item.click({ button: 'right' });
    const chosen = this.page.locator('.context-view .action-label', { hasText: entry }).first();
    await chosen.waitFor();
    // A menu takes no click for a moment after it has opened.
    await eventually(async () => {
      await chosen.click({ timeout: 1000 }).catch(() => undefined);
      return (await chosen.isVisible()) ? undefined : true;
    }, entry);
  }

  /** Answers the dialog for a file's name as it proposes. @returns its path */
  async acceptPath(extension: string): Promise<string> {
    const input = this.quickInput.locator('input');
    const proposed = await eventually(async () => {
      const value = await input.inputValue().catch(() => '');
      return value.endsWith(extension) ? value : undefined;
    }, `a proposal for a ${extension}`);
    await input.press('Enter');
    return proposed;
  }

  /** Waits for a message; its toast may be gone already, the list of notifications keeps it. */
  async told(text: string): Promise<Locator> {
    const list = this.page.locator('.notifications-center');
    const message = list.locator('.notification-list-item', { hasText: text });
    await eventually(
      async () => {
        // The list closes by itself when what it held is gone.
        if (!(await list.isVisible())) await this.page.locator('[id="status.notifications"]').click();
        return (await message.first().isVisible()) ? true : undefined;
      },
      `the message "${text}"`,
      120,
      500,
    );
    return message;
  }

  /**
   * The first element like this in any frame, undefined: there is none now. Prose and outputs are drawn in frames of
   * VS Code's, which come and go.
   */
  async inFrames(selector: string, options?: { readonly hasText: string | RegExp }): Promise<Locator | undefined> {
    for (const frame of this.page.frames()) {
      const found = frame.locator(selector, options);
      if ((await found.count().catch(() => 0)) > 0) return found.first();
    }
    return undefined;
  }

  /**
   * Scrolls the notebook by so many pixels, or to its end. VS Code takes a turn of the wheel for what it says, or for 50
   * pixels, by what was turned before: it is turned until the cells have moved so far.
   * @returns how far, in pixels, down counting as positive
   */
  async scrollNotebook(pixels: number): Promise<number> {
    const cells = this.page.locator('.notebookOverlay .cell-list-container');
    const rows = cells.locator('.monaco-list-rows').first();
    const top = async (): Promise<number> => {
      // The browser has drawn then what came before.
      await this.page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
      return await rows.evaluate(({ style }: { style: { top: string } }) => -Number.parseFloat(style.top || '0'));
    };
    await cells.hover({ position: { x: 10, y: 200 } });
    const from = await top();
    let at = from;
    let turns = 1;
    for (let still = 0; still < 3 && Math.abs(at - from) < Math.abs(pixels);) {
      const turn = Math.sign(pixels) * Math.min(350, Math.abs(pixels));
      for (let i = 0; i < turns; i++) await this.page.mouse.wheel(0, turn);
      const now = await top();
      still = now === at ? still + 1 : 0;
      // As many as it will take, by what one did.
      turns = now === at ? 1 : Math.min(20, Math.ceil((Math.abs(pixels - (now - from)) * turns) / Math.abs(now - at)));
      at = now;
    }
    return at - from;
  }

  async pictureOf(failed: string): Promise<void> {
    if (!this.page.isClosed()) await this.screenshot(`failed-${failed.slice(0, 40)}`);
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  }

  /** The newest run that is as wanted. */
  async run(state: string): ReturnType<World['run']> {
    return await this.world.run(({ record }) => record.state === state, `a run in state ${state}`, 120);
  }
}

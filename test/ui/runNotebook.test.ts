/** A lesson's notebook as its learner runs it: live outputs in the cells, controls, and all of it again after a reload. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { readNotebook } from '../../src/notebook/document';
import { eventually } from '../support/wait';
import { leavePicture, Workbench, type Window } from './workbench';

interface Kept {
  readonly cells: readonly {
    readonly order?: number;
    readonly success?: boolean;
    readonly events: readonly unknown[];
  }[];
}

describe('a notebook that is run in the real VS Code', function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.open();
    window = await workbench.window();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  const openLesson = async (): Promise<void> => {
    await window.views();
    const lessons = window.page.getByRole('tree', { name: 'Lessons' });
    await lessons.getByRole('treeitem', { name: /^A small neural network/ }).click();
    await window.page.locator('.tab.active', { hasText: 'lesson.lab.md' }).waitFor();
  };
  /** What the cells have come to, as it is kept on disk. */
  const kept = (): Kept['cells'] => {
    const folder = path.join(workbench.world.workspace, 'deep-learning-lab', '.lab', 'outputs');
    const [file] = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return file === undefined ? [] : (JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as Kept).cells;
  };
  const toTop = async (): Promise<void> => {
    await window.scrollNotebook(-Infinity);
  };
  /** Scrolls down, and at the end from the top again, until something is in sight: what is far from it is not drawn, or far away. */
  const scrollTo = (found: () => Promise<Locator | undefined>, what: string): Promise<Locator> =>
    eventually(
      async () => {
        const one = await found();
        if (one === undefined && (await window.scrollNotebook(350)) === 0) await toTop();
        return one;
      },
      what,
      150,
      100,
    );
  const inSight = async (all: Locator): Promise<Locator | undefined> => {
    for (const one of await all.all().catch(() => [])) {
      const box = await one.boundingBox({ timeout: 500 }).catch(() => null);
      if (box !== null && box.y > 100 && box.y + Math.min(box.height, 100) < 860) return one;
    }
    return undefined;
  };
  /** The first output of a kind, or what is in it. */
  const reach = (selector: string): Promise<Locator> =>
    scrollTo(async () => {
      for (const frame of window.page.frames()) {
        const one = await inSight(frame.locator(selector));
        if (one !== undefined) return one;
      }
      return undefined;
    }, selector);

  const hasCurves = async (): Promise<void> => {
    await toTop();
    const chart = await reach('.output[data-kind=run] .chart');
    await chart.locator('.chart-waiting').waitFor({ state: 'hidden' });
  };

  /** The lesson is open, and all its cells have been run, by a test before or now. */
  const haveRun = async (live: () => Promise<void> = () => Promise.resolve()): Promise<Kept['cells']> => {
    const lesson = path.join(workbench.world.workspace, 'deep-learning-lab', 'neural-network', 'lesson.lab.md');
    if (kept().length === 0) {
      await openLesson();
      await window.page.getByRole('button', { name: 'Run All' }).first().click();
      await live();
    }
    const all = readNotebook(fs.readFileSync(lesson, 'utf8')).cells.filter(({ kind }) => kind === 'code').length;
    return await eventually(() => (kept().length === all ? kept() : undefined), 'all cells have been run', 180);
  };

  it('runs all of a lesson by Run All: every cell ends well, runs are live in their cells', async () => {
    const cells = await haveRun(async () => {
      await hasCurves();
      await window.screenshot('notebook-training');
    });
    assert.deepEqual(
      cells.filter(({ success }) => success !== true),
      [],
    );
    await window.screenshot('notebook-run');
  });

  it('shows tensors, figures and layers, and runs the cells again that use a slider', async () => {
    await haveRun();
    await toTop();
    const facts = async (): Promise<string> => {
      return await (await reach('.output[data-kind=tensor] .tensor-facts')).innerText();
    };
    const before = await facts();
    await toTop();
    await (await reach('.output[data-kind=control] input[type=range]')).fill('0');
    await eventually(async () => ((await facts()) === before ? undefined : true), 'the tensor is another one', 60);
    await window.screenshot('notebook-slider');
    for (const kind of ['model', 'figure', 'layers'] as const) {
      await reach(`.output[data-kind=${kind}]`);
      await window.screenshot(`notebook-${kind}`);
    }
  });

  const again = async (): Promise<void> => {
    await window.page.reload();
    await window.ready();
    await window.page.locator('.tab.active', { hasText: 'lesson.lab.md' }).waitFor();
    await toTop();
    // Whoever scrolls before the renderer is there passes by what it will draw.
    await eventually(() => window.inFrames('.output'), 'outputs are drawn', 120);
  };
  it('has its outputs again after a reload of the window, and its kernel still has the scope', async () => {
    await haveRun();
    const value = window.items(/^w1/);
    const before = (await value.textContent()) ?? '';
    await again();
    await hasCurves();
    await window.screenshot('notebook-again');
    await value.filter({ hasText: before }).waitFor();
  });

  it('goes on training through a reload; its output is attached again, and stops it', async () => {
    // A notebook stays where another test has left it, far below what is looked for.
    await workbench.dispose();
    workbench = await Workbench.open();
    window = await workbench.window();
    await haveRun();
    workbench.world.lesson('neural-network', 5000);
    await window.page.getByRole('button', { name: 'Run All' }).first().click();
    await window.statusBar
      .getByText(/A small neural network.*epoch/)
      .first()
      .waitFor();
    await again();
    const run = await reach('.output[data-kind=run]:has-text("A small neural network")');
    await run.getByText('Training', { exact: true }).waitFor();
    await window.screenshot('notebook-attached');
    await run.getByRole('button', { name: 'Stop' }).click();
    await run.getByText('Stopped', { exact: true }).waitFor();
  });

  it('makes no complaint of its own on the console', () => {
    assert.deepEqual(window.complaints, []);
  });
});

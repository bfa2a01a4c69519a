/**
 * The packages, as a newcomer has them: made, installed by VS Code's own command, and used without a network, without an
 * engine in the cache, and without any program on the PATH.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readNotebook } from '../../src/notebook/document';
import { findProgram } from '../../src/setup/process';
import { installedVscode } from '../../src/setup/vscode';
import { eventually } from '../support/wait';
import { paths, root, World } from '../support/world';
import { leavePicture, Workbench, type Window } from './workbench';

const PLATFORM = `${process.platform}-${process.arch}`;
/** Where the system allows it; elsewhere the empty PATH and cache have to do. */
const unshare = findProgram(['unshare'], process.env);
const WITHOUT_NETWORK = unshare !== undefined && spawnSync(unshare, ['-n', 'true']).status === 0 ? [unshare, '-n'] : [];

const PACKAGES = [
  { name: 'universal', suffix: '', engine: 'wasm' },
  { name: PLATFORM, suffix: `${PLATFORM}-`, engine: 'native' },
] as const;

describe('the packages', function () {
  this.timeout(600_000);
  const out = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'lab-packages-'));

  before(() => {
    const script = path.join(root, 'scripts', 'package', 'index.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--all', '--out', out], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
  after(() => {
    fs.rmSync(out, { recursive: true, force: true });
  });

  for (const { name, suffix, engine } of PACKAGES) {
    describe(`${name}, installed`, () => {
      const world = new World({ firstSteps: true });
      let workbench: Workbench | undefined;
      let window: Window;

      before(async () => {
        const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
        install(path.join(out, `deep-learning-lab-${suffix}${version}.vsix`), world);
        const nothing = path.join(world.folder, 'nothing');
        fs.mkdirSync(nothing);
        // So long that it is there to be stopped.
        world.lesson('neural-network', 100_000);
        workbench = await Workbench.in(world, {
          within: WITHOUT_NETWORK,
          env: { DEEP_LEARNING_LAB_CACHE: world.ownCache(), PATH: nothing },
        });
        window = await workbench.window();
      });
      after(() => workbench?.dispose() ?? world.dispose());
      leavePicture(() => window);

      it('trains the first lesson by its first step, and the panel moves', async () => {
        const steps = window.page.locator('.gettingStartedContainer');
        await steps.getByRole('button', { name: 'Run Lesson' }).first().click();
        await window.moving();
        const { record } = await window.run('training');
        assert.equal(record.environment.engine?.kind, engine);
        await window.screenshot(`package-${name}`);
        await window.panel.getByRole('button', { name: 'Stop' }).click();
        await window.inState('Stopped');
        // As the lesson has it: its cells ask for a model that has learned.
        world.lesson('neural-network', 60);
      });

      it('runs the notebook of the lesson: every cell ends well', async () => {
        const lessons = window.page.getByRole('tree', { name: 'Lessons' });
        await lessons.getByRole('treeitem', { name: /^A small neural network/ }).click();
        await window.page.locator('.tab.active', { hasText: 'lesson.lab.md' }).waitFor();
        await window.page.getByRole('button', { name: 'Run All' }).first().click();
        const lesson = path.join(world.lab.root, 'neural-network', 'lesson.lab.md');
        const all = readNotebook(fs.readFileSync(lesson, 'utf8')).cells.filter(({ kind }) => kind === 'code').length;
        const cells = await eventually(
          () => {
            const shown = cellsRun(world);
            return shown.length === all ? shown : undefined;
          },
          'all cells have been run',
          300,
        );
        assert.deepEqual(
          cells.filter(({ success }) => success !== true),
          [],
        );
      });

      it('grades an exercise', async () => {
        for (const key of ['Control+k', 'Control+w']) await window.page.keyboard.press(key);
        await window.page.locator('.tab').first().waitFor({ state: 'detached' });
        await window.command('Open Model File');
        await window.pick('Backpropagation');
        // The panel is about the file that is active.
        await window.page.locator('.codelens-decoration', { hasText: 'not checked yet' }).first().waitFor();
        await window.command('Open Lab Panel');
        await window.panel.getByRole('heading', { name: 'Backpropagation' }).waitFor();
        const card = window.panel.locator('.exercise').first();
        await card.getByRole('button', { name: /^Check/ }).click();
        await card
          .getByText(/\d of \d checks/)
          .first()
          .waitFor();
      });
    });
  }
});

/** By VS Code's own command. */
function install(file: string, world: World): void {
  const vscode = installedVscode(paths);
  assert.ok(vscode !== undefined);
  const [program, ...args] = [
    ...WITHOUT_NETWORK,
    ...[vscode.node, vscode.codeServer, '--install-extension', file],
    ...['--extensions-dir', world.extensionsDir, '--user-data-dir', world.userDataDir],
  ];
  const { status, stdout, stderr } = spawnSync(program ?? '', args, { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

/** What the cells of its only notebook have come to, as it is kept on disk. */
function cellsRun({ lab }: World): readonly { readonly success?: boolean }[] {
  const folder = path.join(lab.root, '.lab', 'outputs');
  const [file] = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  if (file === undefined) return [];
  const kept = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as {
    readonly cells: readonly { readonly success?: boolean }[];
  };
  return kept.cells;
}

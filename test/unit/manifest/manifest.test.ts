import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  COMMANDS,
  type CommandId,
  CONTEXTS,
  EXTENSION_ID,
  ITEM_WORDS,
  LESSONS_VIEW,
  NOTEBOOK_TYPE,
  PANEL_VIEW_TYPE,
  PREFIX,
  RUNS_VIEW,
  SETTINGS,
  TEST_CONTROLLER,
  VARIABLES_VIEW,
  VIEW_CONTAINER,
  WALKTHROUGH,
} from '../../../src/host/app/manifest';
import * as subjects from '../../../src/host/app/subjects';
import { NOTEBOOK_SUFFIX } from '../../../src/notebook/document';
import { repositoryRoot } from './root';

interface Manifest {
  name: string;
  publisher: string;
  icon: string;
  main: string;
  l10n: string;
  activationEvents: string[];
  capabilities: {
    untrustedWorkspaces: { supported: unknown; restrictedConfigurations: string[] };
    virtualWorkspaces: { supported: unknown };
  };
  contributes: {
    commands: { command: string; title: string; category: string; icon: string }[];
    menus: Record<string, { command: string; when?: string; group?: string }[]>;
    keybindings: { command: string; key: string; mac: string; when?: string }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; contents: string; when?: string }[];
    configuration: { properties: Record<string, { type: string; default: unknown; scope: string; enum?: string[] }> };
    notebooks: { type: string; selector: { filenamePattern: string }[] }[];
    walkthroughs: { id: string; steps: { id: string; media: { svg: string }; completionEvents: string[] }[] }[];
  };
}

const root = repositoryRoot();
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const { contributes } = manifest;
const ids = Object.keys(COMMANDS) as CommandId[];
const commands = new Set<string>(ids);

describe('the manifest agrees with the code', () => {
  it('in what it is called', () => {
    assert.equal(EXTENSION_ID, `${manifest.publisher}.${manifest.name}`);
  });

  it('in its commands, each with an icon and the category', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...ids].sort());
    for (const { command, icon, category } of contributes.commands) {
      assert.match(icon, /^\$\([a-z-]+\)$/, command);
      assert.equal(category, '%category%');
    }
  });

  it('in its notebooks', () => {
    assert.deepEqual(
      contributes.notebooks.map(({ type, selector }) => ({ type, selector })),
      [{ type: NOTEBOOK_TYPE, selector: [{ filenamePattern: `*${NOTEBOOK_SUFFIX}` }] }],
    );
  });

  it('in its icons, which exist among the codicons', () => {
    const css = read('node_modules/@vscode/codicons/dist/codicon.css');
    for (const { command, icon } of contributes.commands) {
      assert.ok(css.includes(`.codicon-${icon.slice(2, -1)}:before`), `${command}: ${icon}`);
    }
  });

  it('in the commands that menus, keys, welcomes and the walkthrough call', () => {
    const called = [
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
      ...contributes.keybindings.map(({ command }) => command),
      ...contributes.walkthroughs.flatMap(({ steps }) =>
        steps.flatMap(({ completionEvents }) => completionEvents.map((event) => event.replace(/^onCommand:/, ''))),
      ),
    ];
    for (const command of called) assert.ok(commands.has(command) || command.startsWith('notebook.'), command);
    for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
      for (const [, command = ''] of read(file).matchAll(/\(command:([^)?]+)/g)) {
        assert.ok(commands.has(command) || command.startsWith('workbench.'), `${file}: ${command}`);
      }
    }
  });

  it('in what menus hand over: what the command there is about', () => {
    const { nothing, file, lesson, run, runs, exercise, value } = subjects;
    const handedOver = (menu: string, when = ''): readonly unknown[] => {
      if (menu === 'view/item/context') return when.includes(LESSONS_VIEW) ? [lesson] : [run, runs];
      if (menu === 'testing/item/context') return [exercise];
      if (menu.startsWith('editor/title') || menu === 'notebook/toolbar') return [file, lesson];
      if (menu === 'explorer/context') return [file];
      if (menu === 'file/newFile') return [nothing, file];
      if (menu === 'view/title' || menu === 'commandPalette')
        return [nothing, file, lesson, run, runs, exercise, value];
      return assert.fail(`what does ${menu} hand over?`);
    };
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const { command, when } of items) {
        assert.ok(handedOver(menu, when).includes(COMMANDS[command as CommandId]), `${menu}: ${command}`);
      }
    }
  });

  it('in what commands make of what VS Code hands over', () => {
    const folder = { folder: '/runs/1' };
    const uri = { scheme: 'file', fsPath: '/lab/model.ts' };
    assert.equal(subjects.file.read([uri]), '/lab/model.ts');
    assert.equal(subjects.file.read([{ scheme: 'git', fsPath: '/lab/model.ts' }]), undefined);
    assert.deepEqual(subjects.lesson.read(['dropout']), { id: 'dropout' });
    assert.deepEqual(subjects.lesson.read([{ lesson: { id: 'dropout' } }]), { id: 'dropout' });
    assert.deepEqual(subjects.lesson.read([uri]), { file: '/lab/model.ts' });
    assert.deepEqual(subjects.lesson.read([{ lesson: 'dropout', exercise: 'mask' }]), {
      id: 'dropout',
      exercise: 'mask',
    });
    assert.equal(subjects.file.read([{ ui: true, notebookEditor: { notebookUri: uri } }]), '/lab/model.ts');
    assert.equal(subjects.run.read([folder]), '/runs/1');
    assert.deepEqual(subjects.runs.read([folder, [folder, { folder: '/runs/2' }]]), ['/runs/1', '/runs/2']);
    assert.deepEqual(
      subjects.runs.read([folder, [{ folder: '/runs/2' }]]),
      ['/runs/1'],
      'clicked beside the selection',
    );
    const reference = { lesson: 'dropout', exercise: 'mask' };
    assert.deepEqual(subjects.exercise.read([reference]), reference);
    assert.deepEqual(subjects.exercise.read([{ id: 'dropout/mask/share' }]), reference);
    const variable = { notebook: 'file:///a.lab.md', path: ['box', 0, 1], label: 'box.list[1]' };
    assert.deepEqual(subjects.value.read([variable]), variable);
    assert.equal(subjects.value.read([{ ...variable, path: ['box', '0'] }]), undefined);
    // A keybinding or another extension may say anything.
    for (const kind of [subjects.file, subjects.lesson, subjects.run, subjects.exercise, subjects.value]) {
      for (const given of [[], [undefined], [null], [''], [7], [{}], [[]], [{ lesson: 7 }]]) {
        assert.equal(kind.read(given), undefined);
      }
    }
  });

  it('in what its when clauses ask', () => {
    const others = new Set([LESSONS_VIEW, RUNS_VIEW, VARIABLES_VIEW, TEST_CONTROLLER, PANEL_VIEW_TYPE]);
    const words = new Set<string>(ITEM_WORDS);
    const clauses = [
      ...Object.values(contributes.menus).flat(),
      ...contributes.keybindings,
      ...contributes.viewsWelcome,
    ].flatMap(({ when }) => (when === undefined ? [] : [when]));
    const asked = new Set<string>();
    for (const clause of clauses) {
      for (const [key] of clause.matchAll(new RegExp(`${PREFIX}\\.[\\w.]+`, 'g'))) {
        if (!others.has(key)) asked.add(key);
      }
      for (const [, word = ''] of clause.matchAll(/viewItem =~ \/\\b(\w+)\\b\//g)) assert.ok(words.has(word), clause);
      for (const [, phase = ''] of clause.matchAll(/deepLearningLab\.run [!=]= '(\w+)'/g)) {
        assert.ok(['none', 'preparing', 'training', 'paused'].includes(phase), clause);
      }
    }
    assert.deepEqual([...asked].sort(), Object.keys(CONTEXTS).sort(), 'every context key is asked somewhere');
  });

  it('in its settings, their defaults and types', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(Object.keys(properties).sort(), Object.keys(SETTINGS).sort());
    for (const [id, value] of Object.entries(SETTINGS)) {
      assert.equal(properties[id]?.default, value, id);
      assert.equal(properties[id].type, typeof value, id);
    }
    const written = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const id of written) assert.ok(id in SETTINGS, id);
  });

  it('in its views, panel and walkthrough', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [VIEW_CONTAINER],
    );
    assert.deepEqual(
      contributes.views[VIEW_CONTAINER]?.map(({ id }) => id),
      [LESSONS_VIEW, RUNS_VIEW, VARIABLES_VIEW],
    );
    for (const { view } of contributes.viewsWelcome)
      assert.ok([LESSONS_VIEW, RUNS_VIEW, VARIABLES_VIEW].includes(view));
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${PANEL_VIEW_TYPE}`));
    assert.deepEqual(
      contributes.walkthroughs.map(({ id }) => id),
      [WALKTHROUGH],
    );
  });

  it('in its files, which exist', () => {
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...Object.values(contributes.views).flatMap((views) => views.map(({ icon }) => icon)),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
      'media/panel-light.svg',
      'media/panel-dark.svg',
    ];
    for (const file of files) assert.ok(fs.existsSync(path.join(root, file)), file);
  });

  it('in not using one key for two commands at a time', () => {
    const seen = new Map<string, string[]>();
    for (const { command, key, mac, when = '' } of contributes.keybindings) {
      // VS Code's own commands have its own keys on a Mac.
      if (commands.has(command)) assert.equal(mac, key.replaceAll('ctrl', 'cmd'), key);
      seen.set(key, [...(seen.get(key) ?? []), when]);
    }
    for (const [key, whens] of seen) {
      assert.equal(new Set(whens).size, whens.length, `${key} is bound twice under the same condition`);
      assert.ok(whens.length === 1 || !whens.includes(''), `${key} is bound under a condition and without one`);
    }
  });

  it('in what it says of workspaces', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
    assert.ok(manifest.activationEvents.includes('onStartupFinished'));
  });
});

import assert from 'node:assert/strict';
import os from 'node:os';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { checkSetup, hasProblem, reportText, thisMachine } from '../../../src/client/machine/check';
import { homeless, type Machine } from '../../../src/client/machine/finding';
import {
  checkEditor,
  checkMemory,
  checkNetwork,
  checkNode,
  checkTrust,
  isAtLeast,
} from '../../../src/client/machine/surroundings';
import { LabError } from '../../../src/protocol/errors';
import { Program } from '../cli/program';
import { Folder, ownPaths } from '../setup/folder';
import { machineIn, packData } from './support';

describe('Check Set-up', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });
  const editor = { version: '1.100.0', proxy: '', trusted: true };

  it('memory: by the lesser of what is free and what a training may take', () => {
    const verdictOf = (available: number, memoryLimitMB: number): string =>
      checkMemory(machineIn(folder, { memory: { total: 16e9, available }, trainer: { memoryLimitMB } })).verdict;
    assert.deepEqual(
      [verdictOf(8e9, 8000), verdictOf(1.5e9, 8000), verdictOf(0.5e9, 8000), verdictOf(8e9, 1000), verdictOf(8e9, 100)],
      ['good', 'note', 'problem', 'note', 'problem'],
    );
    const limited = checkMemory(machineIn(folder, { trainer: { memoryLimitMB: 100 } }));
    assert.equal(limited.action, 'memorySetting');
    assert.match(limited.remedy ?? '', /memoryLimit/);
    const full = checkMemory(machineIn(folder, { memory: { total: 16e9, available: 1e8 } }));
    assert.equal(full.action, undefined);
    assert.match(full.found, /^100 MB of 16 GB are available now\.\n/);
    assert.match(full.remedy ?? '', /Close other programs/);
  });

  it('versions are compared number by number', () => {
    for (const [version, range, holds] of [
      ['1.100.0', '^1.100.0', true],
      ['1.99.9', '^1.100.0', false],
      ['1.107.1-insider', '^1.100.0', true],
      ['2.0.0', '^1.100.0', true],
      ['20.19.0', '>=20.19', true],
      ['20.9.4', '>=20.19', false],
      ['v24.1.0', '>=20.19', true],
    ] as const)
      assert.equal(isAtLeast(version, range), holds, `${version} ${range}`);
  });

  it('Node.js and VS Code are held against what package.json asks for', () => {
    assert.equal(checkNode(machineIn(folder)).verdict, 'good');
    const old = checkNode(machineIn(folder, { node: '18.20.0', editor }));
    assert.deepEqual([old.verdict, old.remedy], ['problem', 'Update VS Code.']);
    assert.match(old.found, /Node\.js 18\.20\.0, that VS Code brings; >=20\.19 is needed/);
    assert.equal(checkEditor(machineIn(folder)), undefined);
    assert.equal(checkEditor(machineIn(folder, { editor }))?.verdict, 'good');
    assert.equal(checkEditor(machineIn(folder, { editor: { ...editor, version: '1.85.2' } }))?.verdict, 'problem');
  });

  it('the network is not asked; proxies are named, their passwords are not', () => {
    const none = checkNetwork(machineIn(folder));
    assert.equal(none.verdict, 'good');
    assert.match(none.found, /No proxy is set\.$/);
    const env = { https_proxy: 'http://me:secret@proxy:3128', HTTP_PROXY: '' };
    const set = checkNetwork(machineIn(folder, { env }));
    assert.equal(set.verdict, 'good');
    assert.match(set.found, /Proxies are set: HTTPS_PROXY\.$/);
    assert.doesNotMatch(JSON.stringify(set), /secret|3128/);
    const unheard = checkNetwork(machineIn(folder, { editor: { ...editor, proxy: 'http://me:secret@proxy:3128' } }));
    assert.equal(unheard.verdict, 'note');
    assert.match(unheard.remedy ?? '', /pip and npm/);
    assert.doesNotMatch(JSON.stringify(unheard), /secret|3128/);
  });

  it('a workspace that is not trusted is a note, and can be trusted from there', () => {
    assert.equal(checkTrust(machineIn(folder)), undefined);
    assert.equal(checkTrust(machineIn(folder, { editor }))?.verdict, 'good');
    const found = checkTrust(machineIn(folder, { editor: { ...editor, trusted: false } }));
    assert.deepEqual([found?.verdict, found?.action], ['note', 'trust']);
  });

  it('one check that fails hinders no other, what is serious comes first, and nothing names the home folder', async () => {
    packData(folder);
    // An installation that has lost its package.json and its program: three checks fail, each in its way.
    const machine: Machine = machineIn(folder, {
      paths: { root: folder.at('gone'), cache: folder.at('cache') },
      editor: { ...editor, trusted: false },
    });
    const findings = await checkSetup(machine);
    assert.deepEqual(
      findings.map(({ subject, verdict }) => `${verdict} ${subject}`),
      [
        'problem Engine',
        'problem Node.js',
        'problem VS Code',
        'note Language model',
        'note Workspace trust',
        'good Data of the lessons',
        'good Your own data',
        'good Folders',
        'good Disk',
        'good Memory',
        'good Network',
      ],
    );
    assert.ok(hasProblem(findings));
    for (const { verdict, remedy } of findings) if (verdict !== 'good') assert.ok(remedy, 'each has a remedy');
    const { text, lines } = reportText(findings, machine, new Date('2026-01-02T03:04:05Z'));
    assert.ok(text.includes('Problems: 3. Notes: 2. Good: 6.'));
    const rows = text.split('\n');
    const words = { problem: 'Problem', note: 'Note', good: 'Good' };
    for (const finding of findings)
      assert.equal(rows[lines.get(finding) ?? -1], `## ${words[finding.verdict]}: ${finding.subject}`);
    assert.match(
      text,
      /## Problem: Node\.js\n\n- This could not be checked: ENOENT\n\n\*\*What to do:\*\* Install the lab again\./,
    );
  });

  it('is called off as a whole', async () => {
    const source = new CancellationTokenSource();
    source.cancel();
    await assert.rejects(
      checkSetup(machineIn(folder), source.token),
      (error: LabError) => error instanceof LabError && error.code === 'CANCELLED',
    );
  });

  it('shows ~ for the home folder alone, not for a neighbour whose name begins alike', () => {
    assert.equal(homeless('/home/ann', '/home/ann'), '~');
    assert.equal(homeless('/home/ann/lab', '/home/ann'), '~/lab');
    assert.equal(homeless('/home/anna/lab', '/home/ann'), '/home/anna/lab');
    assert.equal(homeless('/opt', '/home/ann'), '/opt');
  });

  it('knows this machine', () => {
    const { memory, node } = thisMachine({ ...machineIn(folder), paths: ownPaths });
    assert.equal(memory.total, os.totalmem());
    assert.ok(memory.available > 0 && memory.available <= memory.total);
    assert.equal(node, process.versions.node);
  });

  it('in a terminal: prints the report and ends with 0, or with 1 where there is a problem', async () => {
    const good = new Program(['setup', '--check']);
    assert.equal(await good.ended, 0, good.stdout + good.stderr);
    assert.match(good.stdout, /^# Deep Learning Lab: Check Set-up\n[^]*## Good: Engine\n\n- TensorFlow/);

    const bad = new Program(['setup', '--check'], {
      DEEP_LEARNING_LAB_CACHE: folder.at('cache'),
      LC_ALL: 'zh_CN.UTF-8',
    });
    assert.equal(await bad.ended, 1, bad.stderr);
    assert.match(bad.stdout, /## 问题：课程数据$/m);
  });
});

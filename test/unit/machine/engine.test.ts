/** Check Set-up asks a real trainer in a fresh process. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { checkEngine } from '../../../src/client/machine/engine';
import { LabError } from '../../../src/protocol/errors';
import { Folder, ownPaths, tree } from '../setup/folder';
import { machineIn } from './support';

describe('the engine in Check Set-up', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });
  const projects = (): string[] => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('lab-check-'));

  it('is the native one where it is there and chosen, and nothing is left behind by asking', async () => {
    const before = projects();
    const logs = new Set(tree(path.join(ownPaths.cache, 'trainers')));
    const found = await checkEngine(machineIn(folder, { paths: ownPaths, trainer: { engine: 'native' } }));
    assert.equal(found.verdict, 'good', found.found);
    assert.match(
      found.found,
      /^TensorFlow 2\.\d+\.\d+ \(@tensorflow\/tfjs-node .*\): the native engine is installed\.\nA fresh/,
    );
    assert.equal(found.remedy, undefined);
    assert.deepEqual(
      projects().filter((name) => !before.includes(name)),
      [],
    );
    // Other tests start trainers beside; of ours no log is left that was not there.
    const own = tree(path.join(ownPaths.cache, 'trainers')).filter((name) => !logs.has(name) && name.endsWith('.log'));
    for (const name of own)
      assert.doesNotMatch(fs.readFileSync(path.join(ownPaths.cache, 'trainers', name), 'utf8'), /lab-check-/);
  });

  it('is WebAssembly where that is chosen: good, with the reason', async () => {
    const found = await checkEngine(machineIn(folder, { trainer: { engine: 'wasm' } }));
    assert.equal(found.verdict, 'good', found.found);
    assert.match(found.found, /^WebAssembly \(@tensorflow\/tfjs-backend-wasm [\d.]+\): the setting/);
    assert.deepEqual(tree(folder.at('cache', 'trainers')), [], 'log, lock and last words are gone');
  });

  it('is WebAssembly with a note where the faster one is missing, and what brings that one', async () => {
    const found = await checkEngine(machineIn(folder, { trainer: { engine: 'auto', prepareEngine: 'bring it' } }));
    assert.equal(found.verdict, 'note', found.found);
    assert.match(found.found, /^WebAssembly .*TensorFlow is not installed on this machine\./);
    assert.match(found.remedy ?? '', /several times as fast\. Run "bring it"/);
    assert.equal(found.action, 'prepareEngine');
  });

  it('is a problem where the one that was chosen is not there, or is broken: with code and remedy', async () => {
    const machine = machineIn(folder, { trainer: { engine: 'native', prepareEngine: 'bring it' } });
    const missing = await checkEngine(machine);
    assert.equal(missing.verdict, 'problem');
    assert.match(missing.found, /^No engine starts: No TensorFlow engine is installed\.[^]*ENGINE_MISSING$/);
    assert.match(missing.remedy ?? '', /bring it/);

    folder.write('cache/engine/current/engine.json', '{ torn');
    const torn = await checkEngine(machine);
    assert.equal(torn.verdict, 'problem');
    assert.match(torn.found, /engine\.json is missing or unreadable[^]*ENGINE_INCOMPLETE$/);
  });

  it('is not asked any further by whoever calls it off', async () => {
    const source = new CancellationTokenSource();
    source.cancel();
    await assert.rejects(
      checkEngine(machineIn(folder), source.token),
      (error: LabError) => error instanceof LabError && error.code === 'CANCELLED',
    );
  });
});

import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import zlib from 'node:zlib';
import { labFolderAt } from '../../../src/client/lessons/labFolder';
import { BUILT_IN_DATA } from '../../../src/client/machine/data';
import type { Machine } from '../../../src/client/machine/finding';
import { Folder, root } from '../setup/folder';

/** A machine whose cache, lab folder and home are empty folders of the test's own; all else is well. */
export function machineIn(folder: Folder, changes: Partial<Machine> = {}): Machine {
  fs.mkdirSync(folder.at('cache'), { recursive: true });
  fs.mkdirSync(folder.at('lab'), { recursive: true });
  return {
    paths: { root, cache: folder.at('cache') },
    version: '0.1.0',
    lab: labFolderAt(folder.at('lab')),
    trainer: { locale: 'en', memoryLimitMB: 8192 },
    env: {},
    home: folder.path,
    node: process.versions.node,
    memory: { total: 16e9, available: 8e9 },
    ...changes,
  };
}

export function packData(folder: Folder): void {
  for (const name of BUILT_IN_DATA) folder.write(`cache/data/${name}/all.gz`, zlib.gzipSync(name));
}

/** Calls a function of a module of ours as a user who is not root, in a process of its own; gives what it returns. */
export async function asNobody(folder: Folder, module: string, call: string, ...args: unknown[]): Promise<unknown> {
  const outfile = folder.at('nobody.js');
  await build({ entryPoints: [module], bundle: true, platform: 'node', outfile, logLevel: 'silent' });
  fs.chmodSync(folder.path, 0o755);
  const script = `require(${JSON.stringify(outfile)}).${call}(...${JSON.stringify(args)}).then(
    (value) => process.stdout.write(JSON.stringify(value)))`;
  const other = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', ...other });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as unknown;
}

/** Jupyter's own tools, in a virtual environment in the cache. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../src/files/cache';

const PACKAGES = ['nbformat==5.11.1', 'nbconvert==7.17.2'];
const folder = path.join(defaultCache(), 'jupyter');
const bin = path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');

/** Installs them where they are not there. @returns why that cannot be done here, or undefined */
export function installJupyter(): string | undefined {
  const python = path.join(bin, 'python');
  const asks = ['-c', 'import nbformat, nbconvert'];
  if (fs.existsSync(python) && spawnSync(python, asks).status === 0) return undefined;
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PACKAGES]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) return `pip cannot install nbformat and nbconvert: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  }
  return undefined;
}

/** @returns what it prints. @throws what it says where it fails */
export function jupyter(args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(path.join(bin, 'python'), args, { encoding: 'utf8', input });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

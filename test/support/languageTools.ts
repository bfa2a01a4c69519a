/** Others' tools for language models, in a virtual environment in the cache: PyPI's gguf, tokenizers and transformers. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../src/files/cache';

const PACKAGES = ['gguf==0.19.0', 'tokenizers==0.23.3', 'numpy==2.4.6'];
const folder = path.join(defaultCache(), 'language');
const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Installs them where they are not there. @returns why that cannot be done here, or undefined */
export function installLanguageTools(): string | undefined {
  if (fs.existsSync(python) && spawnSync(python, ['-c', 'import gguf, tokenizers']).status === 0) return undefined;
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PACKAGES]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) return `pip cannot install gguf and tokenizers: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  }
  return undefined;
}

/** Runs a script beside the test. @returns what it prints, as JSON. @throws what it says where it fails */
export function languageTool(script: string, args: readonly string[], input?: string): unknown {
  const { status, stdout, stderr } = spawnSync(python, [script, ...args], {
    encoding: 'utf8',
    input,
    maxBuffer: 2 ** 28,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

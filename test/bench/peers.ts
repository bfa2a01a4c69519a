/** Other frameworks, each in a Python process that times what it is asked to. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../src/files/cache';
import { TimedProcess } from './timedProcess';

export const THREADS = 2;

export const PEERS = {
  keras: { script: 'step/keras_peer.py', module: 'keras', packages: ['tensorflow-cpu==2.21.0', 'keras'] },
  torch: { script: 'step/torch_peer.py', module: 'torch', packages: ['torch'] },
  language: {
    script: 'language/language_peer.py',
    module: 'transformers',
    packages: ['torch', 'transformers', 'gguf', 'accelerate'],
  },
} as const;

export type PeerName = keyof typeof PEERS;

const environment = (): string => path.join(defaultCache(), 'peers');

export function peerPython(): string {
  const folder = environment();
  return process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');
}

/** Installs the peers into the cached virtual environment. PyTorch for Linux x64 is large: it brings its GPU libraries. */
export function installPeers(names: readonly PeerName[], log: (text: string) => void): void {
  if (!fs.existsSync(peerPython())) run('python3', ['-m', 'venv', environment()], log);
  for (const name of names) run(peerPython(), ['-m', 'pip', 'install', '-q', ...PEERS[name].packages], log);
}

function run(command: string, args: readonly string[], log: (text: string) => void): void {
  log(`${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ended with ${status ?? 'a signal'}.`);
}

/** True when the virtual environment can import it. */
export function isInstalled(name: PeerName): boolean {
  if (!fs.existsSync(peerPython())) return false;
  return spawnSync(peerPython(), ['-c', `import ${PEERS[name].module}`], { stdio: 'ignore' }).status === 0;
}

export class Peer extends TimedProcess {
  constructor(name: PeerName) {
    super(name, [peerPython(), path.resolve('test/bench', PEERS[name].script), String(THREADS)], {
      TF_CPP_MIN_LOG_LEVEL: '3',
      KERAS_BACKEND: 'tensorflow',
      // A peer that waits for its turn must not spin.
      OMP_WAIT_POLICY: 'PASSIVE',
    });
  }
}

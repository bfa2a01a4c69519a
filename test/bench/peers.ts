/** Other frameworks, each in a Python process that times what it is asked to. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { defaultCache } from '../../src/files/cache';

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

/** What a peer says of what it was asked. */
export interface Timed {
  readonly ms: number;
  /** Resident memory of its process, where it tells it. */
  readonly mb?: number;
}

export class Peer {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string, undefined>;
  private errors = '';

  constructor(readonly name: PeerName) {
    const script = path.resolve('test/bench', PEERS[name].script);
    this.child = spawn(peerPython(), [script, String(THREADS)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // A peer that waits for its turn must not spin.
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', KERAS_BACKEND: 'tensorflow', OMP_WAIT_POLICY: 'PASSIVE' },
    });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.errors = (this.errors + data.toString()).slice(-2000);
    });
    if (this.child.stdout === null) throw new Error('The peer has no output.');
    this.answers = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Mean milliseconds of what the script times. The first call for a model builds and warms it, untimed. */
  async time(request: object): Promise<Timed> {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    const next = await this.answers.next();
    if (next.done === true) throw new Error(`The ${this.name} process ended: ${this.errors}`);
    const answer = JSON.parse(next.value) as Partial<Timed> & { readonly error?: string };
    if (answer.ms === undefined) throw new Error(answer.error ?? 'no answer');
    return { ...answer, ms: answer.ms };
  }

  stop(): void {
    this.child.stdin?.end();
    this.child.kill();
  }
}

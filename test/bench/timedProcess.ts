/** A process that times what it is asked to: one JSON request a line in, one answer out. */
import { spawn, type ChildProcess } from 'node:child_process';
import readline from 'node:readline';

/** What it says of what it was asked. */
export interface Timed {
  readonly ms: number;
  /** The most memory of its process that was resident so far, in MB, where it tells it. */
  readonly mb?: number;
  /** Numbers that the measured training changes, where it is one. */
  readonly trained?: number;
}

export class TimedProcess {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string, undefined>;
  private errors = '';

  constructor(
    readonly name: string,
    command: readonly [string, ...string[]],
    env: NodeJS.ProcessEnv,
  ) {
    const [program, ...args] = command;
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.errors = (this.errors + data.toString()).slice(-2000);
    });
    if (this.child.stdout === null) throw new Error(`${name} has no output.`);
    this.answers = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Mean milliseconds of what it times. The first call for a model builds and warms it, untimed. */
  async time(request: object): Promise<Timed> {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    const next = await this.answers.next();
    if (next.done === true) throw new Error(`The ${this.name} process ended: ${this.errors}`);
    const answer = JSON.parse(next.value) as Partial<Timed> & { readonly error?: string };
    if (answer.ms === undefined) throw new Error(`${this.name}: ${answer.error ?? 'no answer'}`);
    return { ...answer, ms: answer.ms };
  }

  stop(): void {
    this.child.stdin?.end();
    this.child.kill();
  }
}

/** Runs other programs: their output is kept for the error that may follow, and a stop reaches them. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cancelled } from './errors';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Called for each full line of either stream. */
  readonly onLine?: (line: string) => void;
}

/** A program ended with something else than 0, or did not start at all (code null). */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    readonly program: string,
    readonly exitCode: number | null,
    /** The last lines it wrote. */
    readonly output: string,
    options?: ErrorOptions,
  ) {
    super(`${path.basename(program)} ended with ${exitCode ?? 'no code'}`, options);
  }
}

const KEPT_LINES = 40;

/** Resolves with everything written to stdout; rejects with CommandError, or with CANCELLED after an abort. */
export function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted === true) {
      reject(cancelled());
      return;
    }
    const tail: string[] = [];
    let stdout = '';
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm and code are command scripts on Windows.
      shell: process.platform === 'win32' && /\.(cmd|bat)$/i.test(program),
    });
    const abort = (): void => void child.kill();
    options.signal?.addEventListener('abort', abort, { once: true });

    const read = (stream: NodeJS.ReadableStream, keep?: (text: string) => void): void => {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        keep?.(text);
        const lines = (rest + text).split(/\r?\n|\r/);
        rest = lines.pop() ?? '';
        for (const line of lines) {
          tail.push(line);
          if (tail.length > KEPT_LINES) tail.shift();
          options.onLine?.(line);
        }
      });
      stream.on('end', () => rest !== '' && tail.push(rest));
    };
    read(child.stdout, (text) => (stdout += text));
    read(child.stderr);

    const settle = (settled: () => void): void => {
      options.signal?.removeEventListener('abort', abort);
      settled();
    };
    child.on('error', (error) => {
      settle(() => {
        reject(new CommandError(program, null, error.message, { cause: error }));
      });
    });
    child.on('close', (code) => {
      settle(() => {
        if (options.signal?.aborted === true) reject(cancelled());
        else if (code === 0) resolve(stdout);
        else reject(new CommandError(program, code, tail.join('\n').trim()));
      });
    });
  });
}

/** The first of `names` that is an executable file on the PATH, or itself a path of one. */
export function findProgram(
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  for (const name of names) {
    const places = path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name));
    for (const place of places) {
      for (const ending of endings) if (isExecutable(place + ending)) return place + ending;
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false; // not there, or not for us: the next place is tried
  }
}

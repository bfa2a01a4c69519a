import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LabPaths } from '../../../src/client/paths';
import { defaultCache } from '../../../src/files/cache';
import type { SetupContext } from '../../../src/setup/context';
import { findProgram } from '../../../src/setup/process';

export const root = path.resolve('.');

/** The machine's own paths: the engine and the data that `npm test` prepared. */
export const ownPaths: LabPaths = { root, cache: defaultCache() };

/** A temporary folder that goes with its test. */
export class Folder {
  readonly path = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab-setup-')));

  at(...parts: string[]): string {
    return path.join(this.path, ...parts);
  }

  write(name: string, text: string | Uint8Array, mode = 0o644): string {
    const file = this.at(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode });
    return file;
  }

  /** A PATH folder with links to these programs and nothing else. */
  bin(...programs: string[]): string {
    const folder = this.at('bin');
    fs.mkdirSync(folder, { recursive: true });
    for (const name of programs) {
      const program = findProgram([name]);
      if (program === undefined) throw new Error(`The test needs ${name}.`);
      fs.symlinkSync(program, path.join(folder, name));
    }
    return folder;
  }

  /** A set-up with an empty cache, and a PATH of one folder. */
  context(bin: string): SetupContext {
    return { paths: { root, cache: this.at('cache') }, env: { ...process.env, PATH: bin, CXX: '' } };
  }

  dispose(): void {
    fs.rmSync(this.path, { recursive: true, force: true });
  }
}

/** All paths below a folder, sorted; empty when it is not there. */
export function tree(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

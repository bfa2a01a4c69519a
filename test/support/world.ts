/** The temporary places of one VS Code under test, and the end of everything that was started in them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { labFolderAt, type LabFolder } from '../../src/client/lessons/labFolder';
import type { LabPaths } from '../../src/client/paths';
import { defaultCache } from '../../src/files/cache';
import { endProcess } from '../../src/processes/identity';
import { holderOf } from '../../src/processes/lock';
import { listRuns, type StoredRun } from '../../src/runFolder/runs';
import { eventually } from './wait';

export const root = process.env['DEEP_LEARNING_LAB_ROOT'] ?? process.cwd();
export const paths: LabPaths = { root, cache: defaultCache() };

export class World {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab-vscode-')));
  readonly workspace = path.join(this.folder, 'workspace');
  readonly userDataDir = path.join(this.folder, 'data');
  readonly extensionsDir = path.join(this.folder, 'extensions');
  /** Where trainers of this world have their sockets: those of others are not found, nor ours by them. */
  readonly runtime = path.join(this.folder, 'run');
  readonly lab: LabFolder = labFolderAt(path.join(this.workspace, 'deep-learning-lab'));

  /** @param firstSteps whether a first window may open the walkthrough by itself */
  constructor({ firstSteps = false } = {}) {
    // A setting of the machine, not of its user: VS Code reads it there only.
    const machine = path.join(this.userDataDir, 'Machine');
    fs.mkdirSync(machine, { recursive: true });
    const settings = { 'workbench.welcomePage.walkthroughs.openOnInstall': firstSteps };
    fs.writeFileSync(path.join(machine, 'settings.json'), JSON.stringify(settings));
    fs.mkdirSync(this.workspace);
    fs.mkdirSync(this.runtime, { mode: 0o700 });
  }

  /** For `serveVscode`. */
  get places(): { userDataDir: string; extensionsDir: string } {
    return { userDataDir: this.userDataDir, extensionsDir: this.extensionsDir };
  }

  get env(): NodeJS.ProcessEnv {
    return { XDG_RUNTIME_DIR: this.runtime, DEEP_LEARNING_LAB_CACHE: paths.cache };
  }

  /** Makes a lesson's working copy before the learner opens it: its model file with another number of epochs. */
  lesson(id: string, epochs: number, change: (text: string) => string = (text) => text): string {
    const text = fs.readFileSync(path.join(root, 'samples', id, 'model.ts'), 'utf8');
    const file = path.join(this.lab.root, id, 'model.ts');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, change(text.replace(/epochs: \d+/, `epochs: ${String(epochs)}`)));
    return file;
  }

  /** A cache of its own, with these parts of the machine's, and its key: this process reads the runs that are made here. */
  ownCache(parts: readonly string[] = []): string {
    const cache = path.join(this.folder, 'cache');
    fs.mkdirSync(cache, { recursive: true });
    for (const name of ['key', ...parts]) fs.symlinkSync(path.join(paths.cache, name), path.join(cache, name));
    return cache;
  }

  async runs(): Promise<readonly StoredRun[]> {
    return (await listRuns(this.lab.runs)).runs;
  }

  /** The newest run, once it is in a state that will do. */
  async run(wanted: (run: StoredRun) => boolean, what: string, seconds?: number): Promise<StoredRun> {
    return await eventually(async () => (await this.runs()).find(wanted), what, seconds);
  }

  /** Ends trainers that still live, and removes every file. */
  async dispose(): Promise<void> {
    for (const { record } of await this.runs()) {
      await endProcess(record.trainer);
    }
    // Those without a run, which wait for somebody who needs them.
    const trainers = path.join(this.folder, 'cache', 'trainers');
    for (const name of fs.existsSync(trainers) ? fs.readdirSync(trainers) : []) {
      const holder = name.endsWith('.lock') ? holderOf(path.join(trainers, name)) : undefined;
      if (holder !== undefined) await endProcess(holder);
    }
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

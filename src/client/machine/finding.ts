/** What a check of the set-up finds. */
import path from 'node:path';
import type { LabPaths } from '../paths';
import type { LabFolder } from '../lessons/labFolder';
import type { TrainerOptions } from '../processes/options';

/** `note`: the lab works, and could do better, or will soon have a problem. */
export type Verdict = 'good' | 'note' | 'problem';

/** What can be done about it from inside VS Code. */
export type FindingAction =
  'prepareEngine' | 'prepareGpuEngine' | 'getLanguageModel' | 'dataSetting' | 'diskSpace' | 'memorySetting' | 'trust';

export interface Finding {
  readonly subject: string;
  readonly verdict: Verdict;
  /** In the user's language; may have several lines. */
  readonly found: string;
  readonly remedy?: string;
  readonly action?: FindingAction;
}

/** What is asked about: this machine, and how the lab is installed and set up on it. */
export interface Machine {
  readonly paths: LabPaths;
  /** The lab's version. */
  readonly version: string;
  readonly lab: LabFolder;
  /** As the next training would be started. */
  readonly trainer: Omit<TrainerOptions, 'project' | 'role' | 'paths'>;
  /** The learner's own folder of data; absent: not set. */
  readonly dataDirectory?: string;
  /** The extension's folder for small files; absent in a terminal. */
  readonly storage?: string;
  /** Absent in a terminal. */
  readonly editor?: { readonly version: string; readonly proxy: string; readonly trusted: boolean };
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Of the Node that trainers run with. */
  readonly node: string;
  /** In bytes. */
  readonly memory: { readonly total: number; readonly available: number };
}

/** A path without the user's name: "~/lab". */
export function homeless(file: string, home: string): string {
  const relative = path.relative(home, file);
  if (relative === '') return '~';
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : `~${path.sep}${relative}`;
}

/** "EACCES" where the file system says so, else the message. */
export function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? (error instanceof Error ? error.message : String(error));
}

/** What every command of the terminal programs starts from. */
import path from 'node:path';
import { defaultCache, type LabPaths } from '../client/paths';

export interface CommandContext {
  readonly paths: LabPaths;
  /** Aborted by Ctrl+C, SIGTERM or a closed terminal. */
  readonly signal: AbortSignal;
}

/** Returns the exit code. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;

/** scripts/run.mjs says where the clone is; started directly, this file lies in its dist folder. */
export function labPaths(env: NodeJS.ProcessEnv = process.env): LabPaths {
  return { root: env['DEEP_LEARNING_LAB_ROOT'] ?? path.dirname(__dirname), cache: defaultCache(env) };
}

/** One Ctrl+C asks for a clean end; programs that take longer to end decide about a second one themselves. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      controller.abort();
    });
  }
  return controller.signal;
}

export const INTERRUPTED = 130;

/** What every command of the terminal programs starts from. */
import path from 'node:path';
import type { LabPaths } from '../client/paths';
import { defaultCache } from '../files/cache';
import type { StopRequests } from './stop';

export interface CommandContext {
  readonly paths: LabPaths;
  readonly stops: StopRequests;
}

/** Returns the exit code. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;

/** scripts/run.mjs says where the clone is; started directly, this file lies in its dist folder. */
export function labPaths(env: NodeJS.ProcessEnv = process.env): LabPaths {
  return { root: env['DEEP_LEARNING_LAB_ROOT'] ?? path.dirname(__dirname), cache: defaultCache(env) };
}

export const INTERRUPTED = 130;

/** The terminal's language as far as the lab speaks it, in VS Code's spelling. */
export function terminalLocale(env: NodeJS.ProcessEnv = process.env): 'en' | 'zh-cn' {
  const language = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /^zh([_-](CN|SG|Hans)|\.|$)/i.test(language ?? '') ? 'zh-cn' : 'en';
}

/** A path given on the command line: npm starts us in the clone, but the user meant their own folder. */
export function userPath(file: string, env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(env['INIT_CWD'] ?? process.cwd(), file);
}

/** Desktop VS Code with the lab loaded from its development folder. */
import * as l10n from '@vscode/l10n';
import { stepFailed } from '../../setup/errors';
import { CommandError, findProgram, run } from '../../setup/process';

export interface DesktopOptions {
  readonly extensionDevelopmentPath: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** The command "code". Inside a terminal of the browser edition or of a remote window it cannot load an extension. */
export function findDesktop(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env['VSCODE_IPC_HOOK_CLI'] === undefined ? findProgram(['code'], env) : undefined;
}

/** Resolves when the user closes the window, or after `signal`, which leaves the window open. */
export async function openDesktop(program: string, options: DesktopOptions): Promise<void> {
  const args = [
    '--new-window',
    '--wait',
    `--extensionDevelopmentPath=${options.extensionDevelopmentPath}`,
    options.folder,
  ];
  try {
    await run(program, args, { env: options.env, signal: options.signal });
  } catch (error) {
    if (options.signal.aborted) return;
    if (!(error instanceof CommandError)) throw error;
    throw stepFailed(
      l10n.t('Desktop VS Code did not start.'),
      l10n.t('Run "npm start -- --browser" to use the browser edition instead.'),
      error.output,
      error,
    );
  }
}

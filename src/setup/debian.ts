/** Installs Debian packages where that needs no question: as root, with apt-get at hand. */
import { CommandError, findProgram, run } from './process';

export interface AptOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

export function canInstallPackages(env: NodeJS.ProcessEnv = process.env): boolean {
  return process.getuid?.() === 0 && findProgram(['apt-get'], env) !== undefined;
}

/** Rejects with CommandError. Lists are fetched only when the installed ones do not do. */
export async function installPackages(packages: readonly string[], options: AptOptions = {}): Promise<void> {
  const base = options.env ?? process.env;
  const settings = { env: { ...base, DEBIAN_FRONTEND: 'noninteractive' }, signal: options.signal };
  const apt = findProgram(['apt-get'], base) ?? 'apt-get';
  const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages];
  try {
    await run(apt, install, settings);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // An interrupted installation has to be finished before the next; stale lists name packages that are gone.
    const dpkg = findProgram(['dpkg'], base);
    if (error.output.includes('dpkg --configure -a') && dpkg !== undefined)
      await run(dpkg, ['--configure', '-a'], settings);
    await run(apt, ['update'], settings);
    await run(apt, install, settings);
  }
}

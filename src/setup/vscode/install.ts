/**
 * The browser edition of VS Code: the same workbench, extension host and built-in extensions, from npm's `code-server`.
 * It runs on a Node of its own, which npm's `node` package brings along.
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LabPaths } from '../../client/paths';
import type { SetupContext } from '../context';
import { explainFileError, stepFailed } from '../errors';
import { withLock } from '../../processes/lock';
import { makeFolder } from '../partial';
import { CommandError, findProgram, run } from '../process';
import { requireProgram, type Program } from '../programs';

/**
 * Each with the Node that it insists on, and whether a page may load an extension from its development folder only where
 * the server was told so. The oldest is as old as the manifest's `engines.vscode`.
 */
export const CODE_SERVERS = {
  newest: { version: '4.139.1', node: '24', guardsDevelopment: true },
  oldest: { version: '4.100.3', node: '20', guardsDevelopment: false },
} as const;

/** The newest; for a run of the tests the oldest: DEEP_LEARNING_LAB_VSCODE=oldest npm test -- --only vscode. */
export function codeServer(env: NodeJS.ProcessEnv = process.env): (typeof CODE_SERVERS)[keyof typeof CODE_SERVERS] {
  return env['DEEP_LEARNING_LAB_VSCODE'] === 'oldest' ? CODE_SERVERS.oldest : CODE_SERVERS.newest;
}

export function vscodeFolder(paths: LabPaths): string {
  return path.join(paths.cache, 'vscode', codeServer().version);
}

export interface VscodePrograms {
  readonly node: string;
  readonly codeServer: string;
}

/** The two programs that serve it; undefined when it has to be installed. */
export function installedVscode(paths: LabPaths): VscodePrograms | undefined {
  const modules = path.join(vscodeFolder(paths), 'node_modules');
  const node = path.join(modules, 'node', 'bin', 'node');
  const codeServer = path.join(modules, 'code-server', 'out', 'node', 'entry.js');
  return fs.existsSync(node) && fs.existsSync(codeServer) ? { node, codeServer } : undefined;
}

/**
 * Takes code-server's own service worker away, which makes its page an installable app and no more. It controls every
 * frame of the page; VS Code's script of a webview takes it for its own of an earlier version, waits for an update that
 * does not come, and the first webview of a new browser profile stays empty for half a minute.
 */
export function removeServiceWorker({ codeServer }: VscodePrograms): void {
  fs.rmSync(path.join(codeServer, '..', '..', 'browser', 'serviceWorker.js'), { force: true });
}

/** @throws LabError SETUP_PROGRAM_MISSING, SETUP_STEP_FAILED */
export async function installVscode(context: SetupContext): Promise<void> {
  const folder = vscodeFolder(context.paths);
  const waiting = (pid: number): void =>
    context.report?.update(l10n.t('waiting for another set-up (process {0})', pid));
  try {
    await withLock(
      path.join(context.paths.cache, 'locks', 'vscode'),
      async () => {
        if (installedVscode(context.paths) !== undefined) return;
        for (const program of BUILD_PROGRAMS) await requireProgram(translated(program), context);
        await makeFolder(folder, (partial) => withoutSpaces(partial, (place) => installInto(place, context)));
      },
      { signal: context.signal, onWait: waiting },
    );
  } catch (error) {
    throw explainFileError(error, path.dirname(folder));
  }
}

/** Its native modules are compiled while it is installed. */
const BUILD_PROGRAMS: readonly Pick<Program, 'candidates' | 'packages'>[] = [
  { candidates: ['g++', 'clang++', 'c++'], packages: ['g++'] },
  { candidates: ['make'], packages: ['make'] },
  { candidates: ['python3', 'python'], packages: ['python3'] },
  { candidates: ['pkg-config'], packages: ['pkg-config'] },
  { candidates: ['krb5-config'], packages: ['libkrb5-dev'] },
];

function translated({ candidates, packages }: Pick<Program, 'candidates' | 'packages'>): Program {
  return {
    name: candidates[0] ?? '',
    purpose: l10n.t('install the browser edition of VS Code'),
    candidates,
    packages,
    remedy: l10n.t(
      'Install it (Debian, Ubuntu: sudo apt-get install {0}), or install desktop VS Code with its command "code" on the PATH, and run the command again.',
      packages.join(' '),
    ),
  };
}

/** node-gyp cannot build below a folder whose path has a space, as a user's name may have: what is made elsewhere is copied. */
async function withoutSpaces(folder: string, make: (place: string) => Promise<void>): Promise<void> {
  if (!/\s/.test(folder)) {
    await make(folder);
    return;
  }
  const temporary = [os.tmpdir(), '/tmp'].find((one) => !/\s/.test(one)) ?? os.tmpdir();
  const place = fs.mkdtempSync(path.join(temporary, 'lab-vscode-'));
  try {
    await make(place);
    await fs.promises.cp(place, folder, { recursive: true, verbatimSymlinks: true });
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

async function installInto(folder: string, context: SetupContext): Promise<void> {
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const env = cleanEnvironment(context.env);
  const { version, node } = codeServer();
  context.report?.update(l10n.t('fetching Node {0}', node));
  await npmInstall(folder, `node@${node}`, env, context);
  // code-server's own install script insists on that Node.
  const bin = path.join(folder, 'node_modules', 'node', 'bin');
  context.report?.update(l10n.t('fetching and building code-server {0}, which takes a minute or two', version));
  const withNode = { ...env, PATH: [bin, env['PATH'] ?? ''].join(path.delimiter) };
  await npmInstall(folder, `code-server@${version}`, withNode, context);
}

async function npmInstall(folder: string, name: string, env: NodeJS.ProcessEnv, context: SetupContext): Promise<void> {
  const npm = findProgram(['npm'], env);
  if (npm === undefined) throw npmFailed(name, l10n.t('npm is not on the PATH.'));
  const flags = ['--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await run(npm, ['install', ...flags, name], { cwd: folder, env, signal: context.signal });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw npmFailed(name, error.output, error);
  }
}

function npmFailed(name: string, output: string, cause?: unknown): Error {
  return stepFailed(
    l10n.t('npm could not install {0}, the browser edition of VS Code.', name),
    l10n.t(
      'Check the network connection to the npm registry and run the command again; or install desktop VS Code with its command "code" on the PATH.',
    ),
    output,
    cause,
  );
}

/** Without what npm and a VS Code around us have put in: both would mistake it for their own. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(VSCODE_|npm_|ELECTRON_RUN_AS_NODE$|DEEP_LEARNING_LAB_ROOT$)/.test(name)),
  );
}

/** Serves the browser edition of VS Code behind a gate on 127.0.0.1, with an extension loaded from its development folder. */
import * as l10n from '@vscode/l10n';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabPaths } from '../../client/paths';
import { stepFailed } from '../errors';
import { Gate } from './gate';
import { codeServer, cleanEnvironment, installedVscode, removeServiceWorker } from './install';
import { linkExtension } from './link';

/** Nothing that shouts or asks: the lab shall be seen. Keys that a settings file already has are left alone. */
export const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'editor.minimap.enabled': false,
  // Else it looks through all processes of the machine every two seconds, for ports that it could forward.
  'remote.autoForwardPorts': false,
  'remote.autoForwardPortsSource': 'output',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

/**
 * Stands between us and the server, so that the server ends with us even when we are killed: our end of the pipe closes
 * then. `argv` is the folder of the server's sockets, which goes with it, the server's program and its arguments.
 */
const WARDEN = `
const [folder, ...program] = process.argv.slice(1);
process.on('exit', () => require('node:fs').rmSync(folder, { recursive: true, force: true }));
const server = require('node:child_process').spawn(process.execPath, program, {
  stdio: ['ignore', 'inherit', 'inherit'],
});
let ending = false;
server.on('exit', (code) => process.exit(ending ? 0 : (code ?? 1)));
const end = () => {
  ending = true;
  server.kill('SIGTERM');
  setTimeout(() => {
    require('node:fs').rmSync(folder, { recursive: true, force: true });
    process.kill(0, 'SIGKILL');
  }, 3000);
};
process.on('SIGTERM', end);
process.stdin.on('end', end).resume();
`;

const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 3_000;
const KEPT_OUTPUT = 4_000;
/** A socket's path may have 103 bytes on macOS, 107 on Linux. */
const LONGEST_FOLDER = 64;

export interface ServeOptions {
  readonly paths: LabPaths;
  /** 0 or left out: a free one. */
  readonly port?: number;
  /** Opened in `url`; left out, the window is empty. */
  readonly folder?: string;
  readonly extensionDevelopmentPath?: string;
  /** The folder of an extension that is to be there as if it were installed. */
  readonly extension?: string;
  /** VS Code's state, made when missing. */
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /**
   * `true` (default): every folder is trusted. `false`: Workspace Trust is on, so that a new folder starts restricted.
   * `folder`: it is on in every window but that of `folder`.
   */
  readonly trust?: boolean | 'folder';
  /** User settings on top of the quiet ones and of those already in `userDataDir`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment that the extension host gets. */
  readonly env?: NodeJS.ProcessEnv;
  /** A program that starts the server in its place, e.g. `unshare -n`: without a network. Its socket is a file. */
  readonly within?: readonly string[];
  /** The server's own output, line breaks included. */
  readonly onOutput?: (text: string) => void;
}

export interface WorkbenchTarget {
  readonly folder?: string;
  readonly extensionDevelopmentPath?: string;
  /** A module whose `run()` is called in the extension host; see facts on the smoke-test driver in CONTRIBUTING. */
  readonly extensionTestsPath?: string;
}

export interface VscodeServer {
  readonly port: number;
  /** Address of the workbench with the folder and extension of the options. It holds the key: to be told to nobody else. */
  readonly url: string;
  /** The same for any other folder, extension or test module. */
  workbenchUrl(target: WorkbenchTarget): string;
  /** Ends the server and its extension hosts; safe to call again. Trainers are no part of it. */
  stop(): Promise<void>;
  /** Settles with the exit code when the server has ended, for whatever reason. */
  readonly stopped: Promise<number | null>;
}

/** @throws LabError SETUP_STEP_FAILED when it does not start; the details hold what it said. */
export async function serveVscode(options: ServeOptions): Promise<VscodeServer> {
  const programs = installedVscode(options.paths);
  if (programs === undefined) {
    throw stepFailed(l10n.t('The browser edition of VS Code is not installed.'), l10n.t('Run "npm run setup".'));
  }
  removeServiceWorker(programs);
  makePrivate(options.userDataDir);
  writeSettings(options.userDataDir, options.settings ?? {});
  fs.mkdirSync(options.extensionsDir, { recursive: true });
  if (options.extension !== undefined) linkExtension(options.extensionsDir, options.extension);
  const sockets = socketFolder();
  const socket = path.join(sockets, 'vscode.sock');
  const program = [programs.codeServer, ...serverArguments(options, sockets, socket)];
  const [command, ...before] = [...(options.within ?? []), programs.node];
  const child = spawn(command, [...before, '-e', WARDEN, sockets, ...program], {
    env: { ...cleanEnvironment(process.env), ...options.env },
    // stdin tells the warden that we are still there.
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: it is ended as a whole, and not by a Ctrl+C that is meant for us.
    detached: true,
  });
  const stopped = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', () => {
      resolve(null);
    });
  });
  const stop = stopper(child, stopped);
  try {
    await listening(child, socket, options.onOutput);
    const trusted =
      options.trust === 'folder' && options.folder !== undefined ? path.resolve(options.folder) : undefined;
    const gate = await Gate.open({ socket, port: options.port ?? 0, ...(trusted === undefined ? {} : { trusted }) });
    void stopped.then(() => {
      gate.close();
    });
    const urlOf = (target: WorkbenchTarget): string => gate.withKey(workbenchUrl(gate.port, target));
    return { port: gate.port, url: urlOf(options), workbenchUrl: urlOf, stop, stopped };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Its logs and what windows were open are nobody else's business. */
function makePrivate(folder: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.chmodSync(folder, 0o700);
}

/** Only this user can enter it; short enough for a socket's path, also where the temporary folder is not. */
function socketFolder(): string {
  const temporary = os.tmpdir();
  return fs.mkdtempSync(path.join(temporary.length > LONGEST_FOLDER ? '/tmp' : temporary, 'lab-vscode-'));
}

function serverArguments(options: ServeOptions, sockets: string, socket: string): string[] {
  return [
    // Who may come in is the gate's business.
    ...['--socket', socket, '--session-socket', path.join(sockets, 'session.sock'), '--auth', 'none'],
    // Else any port of this machine would be a part of VS Code's own origin.
    '--disable-proxy',
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...((options.trust ?? true) === true ? ['--disable-workspace-trust'] : []),
    ...['--user-data-dir', options.userDataDir, '--extensions-dir', options.extensionsDir],
    // Its default would be a file in the user's home.
    ...['--config', path.join(options.userDataDir, 'code-server.yaml')],
    // Lets the page load an extension from its development folder, and run tests; but no message pops up then.
    ...(options.extension === undefined && codeServer().guardsDevelopment
      ? ['--vscode-option', 'enable-smoke-test-driver']
      : []),
  ];
}

/** Address of the workbench on a served port, without the key. */
export function workbenchUrl(port: number, target: WorkbenchTarget): string {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${String(port)}${path.resolve(file)}`;
  const payload: [string, string][] = [];
  if (target.extensionDevelopmentPath !== undefined) {
    payload.push(['extensionDevelopmentPath', remote(target.extensionDevelopmentPath)]);
  }
  if (target.extensionTestsPath !== undefined) {
    payload.push(['extensionTestsPath', remote(target.extensionTestsPath)]);
  }
  const query = new URLSearchParams();
  if (target.folder === undefined) query.set('ew', 'true');
  else query.set('folder', path.resolve(target.folder));
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://127.0.0.1:${String(port)}/?${query.toString()}`;
}

function writeSettings(userDataDir: string, settings: Readonly<Record<string, unknown>>): void {
  const file = path.join(userDataDir, 'User', 'settings.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let own: Record<string, unknown> = {};
  if (fs.existsSync(file)) {
    try {
      own = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    } catch {
      return; // the user keeps comments in it: it is theirs
    }
  }
  fs.writeFileSync(file, `${JSON.stringify({ ...QUIET_SETTINGS, ...own, ...settings }, null, 2)}\n`);
}

function listening(child: ChildProcess, socket: string, onOutput: ServeOptions['onOutput']): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const failed = (why: string): void => {
      clearTimeout(timer);
      const remedy = l10n.t(
        'Run the command again; if it stays so, delete the folder "vscode" of the cache to install it anew.',
      );
      reject(stepFailed(l10n.t('The browser edition of VS Code did not start: {0}.', why), remedy, output));
    };
    const timer = setTimeout(() => {
      failed(l10n.t('no answer in {0} s', START_TIMEOUT_MS / 1000));
    }, START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      const text = chunk.toString();
      onOutput?.(text);
      output = (output + text).slice(-KEPT_OUTPUT);
      if (!output.includes(`HTTP server listening on ${socket}`)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => {
      failed(error.message);
    });
    child.once('exit', (code) => {
      failed(l10n.t('it ended with {0}', code ?? 'a signal'));
    });
  });
}

function stopper(child: ChildProcess, stopped: Promise<unknown>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    if (child.pid === undefined) return;
    signalGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(signalGroup, STOP_GRACE_MS, child.pid, 'SIGKILL');
    await stopped;
    clearTimeout(timer);
    await endGroup(child.pid);
  };
  return () => (stopping ??= stop());
}

/**
 * Kills what outlived the warden (the listening server, extension hosts) and waits until the kernel has taken it away:
 * before that, the port is not free. A zombie that nobody reaps still counts as a member, hence the bound.
 */
async function endGroup(group: number): Promise<void> {
  const end = Date.now() + STOP_GRACE_MS;
  while (signalGroup(group, 'SIGKILL') && Date.now() < end) await delay(20);
}

/** False when no process of the group is left. */
function signalGroup(group: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

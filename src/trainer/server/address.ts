/**
 * Where a trainer is found: its socket, and the lock of its project, which says where that is. Both can be taken away from
 * a trainer that lives (a logout empties the runtime folder, a tool the temporary one): it makes them again.
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { isHeld, release, replace, take } from '../../processes/lock';
import { makeSocketFolder } from '../../processes/socketFolder';
import { LabError } from '../../protocol/errors';
import type { LaunchOptions, TrainerEntry } from '../../protocol/launch';

const LOOK_EVERY_MS = 500;

export interface AddressOptions
  extends Pick<LaunchOptions, 'lockFile' | 'addresses' | 'root'>, Pick<TrainerEntry, 'instance'> {
  readonly accept: (socket: net.Socket) => void;
  /** Another trainer has the lock, which somebody had removed. */
  readonly onLost: () => void;
  readonly onFault: (error: unknown) => void;
}

interface Listening {
  readonly server: net.Server;
  readonly address: string;
  /** The socket's file, to know it again. */
  readonly file: string | undefined;
}

export class Address {
  private listening: Listening | undefined;
  private timer: NodeJS.Timeout | undefined;
  private fault = '';

  constructor(private readonly options: AddressOptions) {}

  /**
   * Listens, and keeps listening until `leave`.
   * @returns false when another trainer lives that serves this project
   * @throws LabError SOCKET_FOLDER_UNSAFE, SOCKET_FOLDER_MISSING
   */
  async take(): Promise<boolean> {
    const { lockFile, addresses } = this.options;
    if (take(lockFile, this.entry(addresses[0] ?? '')) !== undefined) return false;
    try {
      this.listening = await this.listen();
    } finally {
      if (this.listening === undefined) release(lockFile);
    }
    if (this.listening === undefined) return false;
    replace(lockFile, this.entry(this.listening.address));
    this.watch();
    return true;
  }

  /** From this very turn on nobody finds it, and another trainer may take its place; connections stay. */
  leave(): void {
    clearTimeout(this.timer);
    if (this.listening === undefined) return;
    this.listening.server.close();
    this.listening = undefined;
    release(this.options.lockFile);
  }

  private entry(address: string): TrainerEntry {
    const { instance, root } = this.options;
    return { instance, address, root };
  }

  private watch(): void {
    this.timer = setTimeout(() => {
      void this.restore().finally(() => {
        if (this.listening !== undefined) this.watch();
      });
    }, LOOK_EVERY_MS).unref();
  }

  private async restore(): Promise<void> {
    const { lockFile, onLost, onFault } = this.options;
    try {
      const before = this.listening;
      if (before === undefined) return;
      if (!isHeld(lockFile) && take(lockFile, this.entry(before.address)) !== undefined) {
        before.server.close();
        this.listening = undefined;
        onLost();
        return;
      }
      if (fileOf(before.address) === before.file) return;
      // Closing removes what stands at the address, so it comes first.
      before.server.close();
      const again = await this.listen();
      if (again === undefined) return;
      this.listening = again;
      replace(lockFile, this.entry(again.address));
    } catch (error) {
      // The next look may do better; what stays the same is logged once.
      if (String(error) !== this.fault) onFault(error);
      this.fault = String(error);
    }
  }

  /** @returns undefined when somebody else answers there */
  private async listen(): Promise<Listening | undefined> {
    for (const address of this.options.addresses) {
      if (!makeSocketFolder(address)) continue;
      let server = await this.listenAt(address);
      if (server === undefined) {
        if (await answers(address)) return undefined;
        // What a killed trainer left.
        fs.rmSync(address, { recursive: true, force: true });
        server = await this.listenAt(address);
      }
      return server === undefined ? undefined : { server, address, file: fileOf(address) };
    }
    throw noFolder(this.options.addresses);
  }

  /** @returns undefined when something stands there */
  private listenAt(address: string): Promise<net.Server | undefined> {
    const { accept, onFault } = this.options;
    const server = net.createServer(accept);
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(undefined);
        else reject(error);
      });
      // The folder is closed to others already; the mask closes the socket itself.
      const mask = process.umask(0o177);
      server.listen(address, () => {
        server.removeAllListeners('error').on('error', onFault);
        resolve(server);
      });
      process.umask(mask);
    });
  }
}

function fileOf(address: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const { dev, ino } = fs.statSync(address);
    return `${dev} ${ino}`;
  } catch {
    return undefined; // it is not there, or no way leads there
  }
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

function noFolder(addresses: readonly string[]): LabError {
  return new LabError({
    code: 'SOCKET_FOLDER_MISSING',
    message: l10n.t("No folder can be made for the trainer's socket."),
    expected: l10n.t('one of these folders: {0}', addresses.map((address) => path.dirname(address)).join(', ')),
    remedy: l10n.t('Give yourself the right to write to one of them, or set XDG_RUNTIME_DIR to a folder of yours.'),
  });
}

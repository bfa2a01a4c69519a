/** The trainer's socket: any number of clients, each with its own JSON-RPC connection, all told everything. */
import fs from 'node:fs';
import net from 'node:net';
import {
  createMessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { notify, serve, type RequestHandlers } from '../../protocol/rpc';
import type { NotificationName, TrainerNotifications } from '../../protocol/trainer';

const MAX_UNREAD_BYTES = 64 * 2 ** 20;

export class TrainerServer {
  private readonly server = net.createServer((socket) => {
    this.accept(socket);
  });
  private readonly connections = new Map<MessageConnection, net.Socket>();

  constructor(
    private readonly handlers: RequestHandlers,
    private readonly onClientsChanged: (count: number) => void,
    private readonly onFault: (error: unknown) => void,
  ) {}

  get clients(): number {
    return this.connections.size;
  }

  /**
   * Listens on a Unix socket or Windows pipe. A socket file that nobody answers is what a killed trainer left.
   * @returns false when another trainer serves this address already
   */
  async listen(address: string): Promise<boolean> {
    // The folder is closed to others already; the mask closes the socket itself.
    const mask = process.umask(0o177);
    try {
      if (await this.tryListen(address)) return true;
      if (await answers(address)) return false;
      return (await clearAway(address)) && (await this.tryListen(address));
    } finally {
      process.umask(mask);
    }
  }

  broadcast<N extends NotificationName>(name: N, params: TrainerNotifications[N]): void {
    for (const [connection, socket] of this.connections) {
      // A client that does not read (a frozen window) must not fill our memory; it attaches again and reads the disk.
      if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
      notify(connection, name, params).catch((error: unknown) => {
        // A client that went away while being told is no fault.
        if (this.connections.has(connection)) this.onFault(error);
      });
    }
  }

  /** Resolves when the last message is out and the socket is gone. */
  async close(): Promise<void> {
    for (const connection of this.connections.keys()) connection.end();
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  private tryListen(address: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'EADDRINUSE') resolve(false);
        else reject(error);
      };
      this.server.once('error', onError);
      this.server.listen(address, () => {
        this.server.off('error', onError);
        this.server.on('error', this.onFault);
        resolve(true);
      });
    });
  }

  private accept(socket: net.Socket): void {
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    const leave = (): void => {
      if (!this.connections.delete(connection)) return;
      connection.dispose();
      socket.destroy();
      this.onClientsChanged(this.connections.size);
    };
    // A client that left without reading its last messages would never let the socket close by itself.
    socket.on('end', leave);
    socket.on('error', leave);
    connection.onClose(leave);
    serve(connection, this.handlers);
    this.connections.set(connection, socket);
    connection.listen();
    this.onClientsChanged(this.connections.size);
  }
}

/**
 * Removes a socket file that nobody answered. Another trainer may have done so and listen there by now: the file is
 * first moved, which only one can do, and then looked at again.
 * @returns false when it was another trainer's
 */
async function clearAway(address: string): Promise<boolean> {
  const aside = `${address}.${String(process.pid)}`;
  try {
    fs.renameSync(address, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true; // somebody else moved it
    throw error;
  }
  if (await answers(aside)) {
    fs.renameSync(aside, address);
    return false;
  }
  fs.rmSync(aside, { force: true });
  return true;
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

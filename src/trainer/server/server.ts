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

export class TrainerServer {
  private readonly server = net.createServer((socket) => {
    this.accept(socket);
  });
  private readonly connections = new Set<MessageConnection>();

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
      fs.rmSync(address, { force: true });
      return await this.tryListen(address);
    } finally {
      process.umask(mask);
    }
  }

  broadcast<N extends NotificationName>(name: N, params: TrainerNotifications[N]): void {
    for (const connection of this.connections) {
      notify(connection, name, params).catch((error: unknown) => {
        // A client that went away while being told is no fault.
        if (this.connections.has(connection)) this.onFault(error);
      });
    }
  }

  /** Resolves when the last message is out and the socket is gone. */
  async close(): Promise<void> {
    for (const connection of this.connections) connection.end();
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
    socket.on('error', () => {
      connection.dispose();
    });
    connection.onClose(() => {
      this.connections.delete(connection);
      connection.dispose();
      this.onClientsChanged(this.connections.size);
    });
    serve(connection, this.handlers);
    this.connections.add(connection);
    connection.listen();
    this.onClientsChanged(this.connections.size);
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

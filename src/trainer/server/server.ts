/** The trainer's clients: any number of them, each with its own JSON-RPC connection, all told everything. */
import type net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessageConnection } from 'vscode-jsonrpc';
import { messagesOver } from '../../processes/messages';
import { notify, serve, type RequestHandlers } from '../../protocol/rpc';
import type { NotificationName, TrainerNotifications } from '../../protocol/trainer';
import { Address, type AddressOptions } from './address';

const MAX_UNREAD_BYTES = 64 * 2 ** 20;
const CLOSING_MS = 2000;

export class TrainerServer {
  private readonly connections = new Map<MessageConnection, net.Socket>();
  private readonly address: Address;

  constructor(
    options: Omit<AddressOptions, 'accept' | 'onFault'>,
    private readonly handlers: RequestHandlers,
    private readonly onClientsChanged: (count: number) => void,
    private readonly onFault: (error: unknown) => void,
  ) {
    const accept = (socket: net.Socket): void => {
      this.accept(socket);
    };
    this.address = new Address({ ...options, accept, onFault });
  }

  get clients(): number {
    return this.connections.size;
  }

  /** @returns false when another trainer serves this project already */
  async listen(): Promise<boolean> {
    return await this.address.take();
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

  /**
   * Takes no client from this very turn on, says good-bye to those there are, and resolves when the last message is out.
   * Who does not read it is not waited for.
   */
  async close(): Promise<void> {
    this.address.leave();
    const clients = [...this.connections].map(async ([connection, socket]) => {
      const closed = new Promise<void>((resolve) =>
        socket.once('close', () => {
          resolve();
        }),
      );
      await notify(connection, 'trainer/leaving', {});
      connection.end();
      await closed;
    });
    await Promise.race([Promise.allSettled(clients), delay(CLOSING_MS)]);
  }

  private accept(socket: net.Socket): void {
    const connection = messagesOver(socket);
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

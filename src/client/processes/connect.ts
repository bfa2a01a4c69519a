import net from 'node:net';
import type { MessageConnection } from 'vscode-jsonrpc';
import { messagesOver } from '../../processes/messages';
import { isSocketFolder } from '../../processes/socketFolder';

export interface Connected {
  readonly connection: MessageConnection;
  readonly socket: net.Socket;
}

/**
 * A connection to whoever listens at the first of these addresses that is answered, or undefined when nobody does.
 * @throws LabError SOCKET_FOLDER_UNSAFE
 */
export async function connect(addresses: readonly string[]): Promise<Connected | undefined> {
  for (const address of addresses) {
    const connected = isSocketFolder(address) ? await connectTo(address) : undefined;
    if (connected !== undefined) return connected;
  }
  return undefined;
}

function connectTo(address: string): Promise<Connected | undefined> {
  return new Promise((resolve) => {
    const stream = net.connect(address);
    stream.once('error', () => {
      resolve(undefined);
    });
    stream.once('connect', () => {
      stream.removeAllListeners('error');
      // The reader reports the same fault as a close.
      stream.on('error', () => stream.destroy());
      resolve({ connection: messagesOver(stream), socket: stream });
    });
  });
}

/** Not `once(socket, 'close')`, which rejects when the socket errs, also after nobody waits any more. */
export function closing(socket: net.Socket): Promise<undefined> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve(undefined);
    });
  });
}

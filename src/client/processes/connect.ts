import net from 'node:net';
import {
  createMessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

/** A connection to whoever listens there, or undefined when nobody does. */
export function connect(socket: string): Promise<{ connection: MessageConnection; socket: net.Socket } | undefined> {
  return new Promise((resolve) => {
    const stream = net.connect(socket);
    stream.once('error', () => {
      resolve(undefined);
    });
    stream.once('connect', () => {
      stream.removeAllListeners('error');
      // The reader reports the same fault as a close.
      stream.on('error', () => stream.destroy());
      resolve({
        connection: createMessageConnection(new SocketMessageReader(stream), new SocketMessageWriter(stream)),
        socket: stream,
      });
    });
  });
}

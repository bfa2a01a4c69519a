/** JSON-RPC over a socket, the same at both ends. */
import type net from 'node:net';
import {
  AbstractMessageWriter,
  createMessageConnection,
  SocketMessageReader,
  type Message,
  type MessageConnection,
  type MessageWriter,
} from 'vscode-jsonrpc/node';

export function messagesOver(socket: net.Socket): MessageConnection {
  return createMessageConnection(new SocketMessageReader(socket), new TogetherWriter(socket));
}

/**
 * What is said in one turn is sent as one piece. The library's own writer sends each message in two, the second when the
 * first is out, and wakes the other process for both; that takes longer than a short cell does.
 */
class TogetherWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly socket: net.Socket) {
    super();
    socket.on('error', (error) => {
      this.fireError(error);
    });
    socket.on('close', () => {
      this.fireClose();
    });
  }

  async write(message: Message): Promise<void> {
    const { socket } = this;
    const body = JSON.stringify(message);
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => {
        socket.uncork();
      });
    }
    // One that cannot be written fails with its connection, when the socket closes. Were that said here too, the library
    // would throw it where nobody can hear it (sendRequest of 8.2 does), and end the process.
    await new Promise<void>((resolve) => {
      socket.write(`Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`, () => {
        resolve();
      });
    });
  }

  end(): void {
    this.socket.end();
  }

  override dispose(): void {
    super.dispose();
    this.socket.destroy();
  }
}

/** Messages to a process that ends meanwhile. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ConnectionError, ResponseError } from 'vscode-jsonrpc';
import { messagesOver } from '../../../src/processes/messages';

describe('messages over a socket', () => {
  let folder: string;
  let server: net.Server;
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-messages-'));
    server = net.createServer({ allowHalfOpen: true });
    server.listen(path.join(folder, 'socket'));
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    fs.rmSync(folder, { recursive: true });
  });

  it('a request to an end that has just hung up fails once, and nothing is thrown where nobody hears it', async () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', hear);
    try {
      const socket = net.connect(path.join(folder, 'socket'));
      const [peer] = (await once(server, 'connection')) as [net.Socket];
      const connection = messagesOver(socket);
      connection.listen();
      connection.onClose(() => {
        connection.dispose();
      });
      // Between the end of what the other says and the close of the socket.
      const asked = new Promise<unknown>((resolve) => {
        socket.once('end', () => {
          socket.end(); // as Node does a turn later
          connection.sendRequest('are you there').then(resolve, resolve);
        });
      });
      peer.end();
      const error = await asked;
      assert.ok(error instanceof ResponseError || error instanceof ConnectionError, String(error));
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(unheard, []);
    } finally {
      process.off('unhandledRejection', hear);
      for (const listener of others) process.on('unhandledRejection', listener);
    }
  });
});

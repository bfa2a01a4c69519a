import * as l10n from '@vscode/l10n';
import net from 'node:net';
import { LabError } from '../../protocol/errors';
import { badArgument } from '../usage';

/** A browser keeps VS Code's layout by address, so the same port is tried first each time. */
const USUAL_PORT = 8710;

/** The port to serve on: the wished one, else the usual one while it is free, else 0 for any. */
export async function portFor(wish: string | undefined): Promise<number> {
  if (wish === undefined) return (await isFree(USUAL_PORT)) ? USUAL_PORT : 0;
  const port = Number(wish);
  if (!/^\d+$/.test(wish) || port > 65_535) throw badArgument(l10n.t('"{0}" is not a port.', wish), 'npm start');
  if (!(await isFree(port))) {
    throw new LabError({
      code: 'PORT_IN_USE',
      message: l10n.t('Port {0} is in use.', wish),
      remedy: l10n.t('Choose another one, or leave --port out.'),
    });
  }
  return port;
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

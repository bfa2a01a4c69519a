/**
 * What VS Code calls when the extension has been uninstalled: no process of it stays behind. It does so at its next start,
 * before it deletes the extension's folder, and not where only a version makes room for another.
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { closing, connect } from '../client/processes/connect';
import { trainersIn } from '../client/processes/place';
import { endProcess } from '../processes/identity';
import { request } from '../protocol/rpc';
import { ACTIVE_STATES } from '../protocol/run';
import { PROTOCOL_VERSION } from '../protocol/trainer';
import type { CommandContext } from './context';

/** VS Code ends what has not ended after five seconds. */
const GRACE_MS = 3000;

export const leaveHelp = (): string =>
  l10n.t(`usage: node dist/cli.js leave

Ends all trainers that this installation of the lab has started; a run stops between two steps and is kept.`);

export async function leave(_args: readonly string[], { paths }: CommandContext): Promise<number> {
  const here = realPath(paths.root);
  const ours = trainersIn(paths.cache).filter(({ root }) => root !== undefined && realPath(root) === here);
  await Promise.all(
    ours.map(async (trainer) => {
      await Promise.race([stopRun(trainer.address), delay(GRACE_MS)]);
      await endProcess(trainer);
    }),
  );
  return 0;
}

/** VS Code names the folder by the links that lead to it, Node its own files without. */
function realPath(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
}

/** Asks for the end of its run, if it has one. One that cannot be asked is ended as it is: its points are on disk. */
async function stopRun(address: string | undefined): Promise<void> {
  const found = address === undefined ? undefined : await connect([address]);
  if (found === undefined) return;
  const { connection, socket } = found;
  connection.listen();
  try {
    const { run } = await Promise.race([
      request(connection, 'trainer/hello', { protocol: PROTOCOL_VERSION }),
      closing(socket).then(() => ({ run: undefined })),
    ]);
    if (run === undefined || !ACTIVE_STATES.has(run.state)) return;
    await Promise.race([request(connection, 'run/stop', { runId: run.id }), closing(socket)]);
  } catch {
    // Whatever keeps it from stopping, it is ended.
  } finally {
    connection.dispose();
    socket.destroy();
  }
}

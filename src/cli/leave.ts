/** What VS Code calls when the extension is uninstalled: no process of it stays behind. */
import * as l10n from '@vscode/l10n';
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
  const ours = trainersIn(paths.cache).filter(({ root }) => root === paths.root);
  await Promise.all(
    ours.map(async (trainer) => {
      await Promise.race([stopRun(trainer.address), delay(GRACE_MS)]);
      await endProcess(trainer);
    }),
  );
  return 0;
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

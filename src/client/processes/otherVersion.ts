/**
 * A trainer of another version of the lab, as an upgrade leaves one behind. What it is asked here means the same in all
 * versions: to end when it is idle, and to stop its run between two steps.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../protocol/errors';
import { request } from '../../protocol/rpc';
import type { RunRecord } from '../../protocol/run';
import { readRun } from '../../runFolder/runs';
import { closing, connect, type Connected } from './connect';
import type { TrainerOptions } from './options';
import { trainerAt, trainerPlace } from './place';
import { endUnresponsive } from './unresponsive';

/** Ends it if it has nothing to do. A kernel, whose variables would be lost, stays. Returns whether it is gone. */
export async function makesWay({ connection, socket }: Connected, { role }: TrainerOptions): Promise<boolean> {
  if (role === 'kernel') return false;
  const closed = closing(socket);
  try {
    await Promise.race([request(connection, 'trainer/shutdown', {}), closed]);
  } catch (error) {
    // It works, and is left to finish.
    if (error instanceof LabError) return false;
    throw error;
  }
  await closed;
  return true;
}

/**
 * Asks for the end of its run between two steps, and ends the process where that takes longer.
 * @throws LabError RUN_CORRUPT
 */
export async function stopRunOfOther(
  runFolder: string,
  options: TrainerOptions,
  graceSeconds: number,
): Promise<RunRecord> {
  const { id } = await readRun(runFolder);
  const place = trainerPlace(options);
  const registered = trainerAt(place)?.address;
  const found = await connect([...(registered === undefined ? [] : [registered]), ...place.addresses]);
  if (found !== undefined) {
    const { connection, socket } = found;
    connection.listen();
    const inTime = new AbortController();
    try {
      await Promise.race([
        request(connection, 'run/stop', { runId: id }),
        closing(socket),
        delay(graceSeconds * 1000, undefined, { signal: inTime.signal }),
      ]);
    } catch {
      // It has stopped meanwhile, or is ended below.
    } finally {
      inTime.abort();
      connection.dispose();
      socket.destroy();
    }
  }
  return await endUnresponsive(runFolder, options);
}

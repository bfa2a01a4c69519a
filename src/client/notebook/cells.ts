/** What a client does with the cells of a notebook's kernel: execute, and interrupt, come what may. */
import type { LabErrorData } from '../../protocol/errors';
import type { CellEnd, ExecuteCell, OutputEvent } from '../../protocol/kernel';
import { endRun, readRun } from '../../runFolder/runs';
import { ACTIVE_STATES } from '../../protocol/run';
import type { TrainerConnection } from '../processes/connection';
import { cancelled } from '../processes/errors';
import { supervise } from '../processes/supervise';

/** How the execution of a cell ended. Where the kernel died of it, or was ended, everything that it held is gone. */
export type CellOutcome =
  { readonly kind: 'ended'; readonly end: CellEnd } | { readonly kind: 'died'; readonly death: LabErrorData };

/**
 * Executes a cell, for as long as it takes.
 * @throws LabError CANCELLED when this client has left the kernel, or it had ended before, so that another may be asked
 */
export async function executeCell(
  kernel: TrainerConnection,
  request: ExecuteCell,
  onEvent: (event: OutputEvent) => void,
): Promise<CellOutcome> {
  const listening = kernel.on('cell/output', ({ ticket, event }) => {
    if (ticket === request.ticket) onEvent(event);
  });
  try {
    const outcome = await supervise(kernel, { seconds: Infinity }, () => kernel.request('cell/execute', request));
    if (outcome.kind === 'done') {
      // What it has shown last is handed out in a turn of its own.
      await new Promise((resolve) => setImmediate(resolve));
      return { kind: 'ended', end: outcome.value };
    }
    if (kernel.endedInOrder || outcome.kind === 'late') throw cancelled();
    return outcome;
  } finally {
    listening.dispose();
  }
}

/** cooperative: the cell ends by itself; ended: what blocked the kernel was ended; killed: its process was, and with it all that it held. */
export type Interruption = 'cooperative' | 'ended' | 'killed';

/**
 * Interrupts a cell. A training stops and keeps its points, what is awaited is left; a loop that never ends is ended after
 * the grace time, or, where that cannot be done, its process.
 */
export async function interruptCell(
  kernel: TrainerConnection,
  ticket: string,
  graceSeconds: number,
  runFolder?: () => string | undefined,
): Promise<Interruption> {
  const asked = kernel.request('cell/interrupt', { ticket }).then(
    () => true,
    () => true, // it is gone: so is the cell
  );
  const answered = async (): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, graceSeconds * 1000, false);
    });
    const isAnswered = await Promise.race([asked, late]);
    clearTimeout(timer);
    return isAnswered;
  };
  if (await answered()) return 'cooperative';
  await kernel.endBlockedCell(ticket);
  if (await answered()) return kernel.isOpen ? 'ended' : 'killed';
  await kernel.kill();
  const folder = runFolder?.();
  if (folder !== undefined && ACTIVE_STATES.has((await readRun(folder)).state))
    await endRun(folder, { reason: 'killed', at: new Date().toISOString(), unattended: false });
  return 'killed';
}

/** A whole notebook from top to bottom, in a kernel of its own. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { LabErrorData } from '../../protocol/errors';
import type { CellLanguage, ExecuteCell } from '../../protocol/kernel';
import { Shown } from '../../protocol/shown';
import type { Cell } from '../../notebook/document';
import type { ShownCell, ShownOutput } from '../../notebook/export/shown';
import { TrainerConnection } from '../processes/connection';
import { cancelled } from '../processes/errors';
import type { TrainerOptions } from '../processes/options';
import { executeCell, interruptCell, type CellOutcome } from './cells';

/** When the terminal dies without a word, nobody wants the rest. */
const ABANDON_SECONDS = 5;
const GRACE_SECONDS = 5;

export interface RanCell {
  /** Of all cells of the notebook, from 0. */
  readonly index: number;
  readonly ok: boolean;
  readonly milliseconds: number;
  readonly error?: LabErrorData;
}

export interface NotebookRequest extends Pick<ExecuteCell, 'notebook' | 'lesson' | 'runsDirectory' | 'dataDirectory'> {
  readonly cells: readonly Cell[];
}

export interface NotebookListener {
  /** Something that a cell shows, as it comes. */
  shown(index: number, output: ShownOutput): void;
  ended(cell: RanCell): void;
}

/**
 * Runs the cells one after the other, to the first that fails.
 * @returns the cells with what they show
 * @throws LabError when no kernel can be had: TRAINER_*, ENGINE_*; CANCELLED
 */
export async function runNotebook(
  request: NotebookRequest,
  options: Omit<TrainerOptions, 'project' | 'role'>,
  listener: NotebookListener,
  signal: AbortSignal,
): Promise<{ readonly cells: readonly ShownCell[]; readonly ran: readonly RanCell[] }> {
  const { notebook } = request;
  // Of its own: an editor's kernel for this notebook keeps its scope.
  const project = path.join(path.dirname(notebook), `run-${process.pid}-${path.basename(notebook)}`);
  const kernel = await TrainerConnection.start({ ...options, project, role: 'kernel' });
  const ran: RanCell[] = [];
  const cells: ShownCell[] = [];
  try {
    for (const [index, cell] of request.cells.entries()) {
      const { kind, language, text } = cell;
      const isRun = kind === 'code' && ran.every(({ ok }) => ok) && !signal.aborted;
      if (!isRun) {
        cells.push({ kind, language, text, outputs: [] });
        continue;
      }
      const { outcome, outputs, milliseconds } = await runCell(kernel, request, index, listener, signal);
      const error = outcome.kind === 'died' ? outcome.death : outcome.end.error;
      const ok = outcome.kind === 'ended' && outcome.end.state === 'done';
      const order = outcome.kind === 'ended' ? { order: outcome.end.order } : {};
      cells.push({ kind, language, text, ...order, outputs });
      const done: RanCell = { index, ok, milliseconds, ...(error === undefined ? {} : { error }) };
      ran.push(done);
      listener.ended(done);
    }
    if (signal.aborted) throw cancelled();
    return { cells, ran };
  } finally {
    if (kernel.isOpen) await kernel.kill();
  }
}

async function runCell(
  kernel: TrainerConnection,
  { cells, notebook, ...request }: NotebookRequest,
  index: number,
  listener: NotebookListener,
  signal: AbortSignal,
): Promise<{ readonly outcome: CellOutcome; readonly outputs: ShownOutput[]; readonly milliseconds: number }> {
  const { language = 'typescript', text: source = '' } = cells[index] ?? {};
  const ticket = randomUUID();
  const interrupt = (): void => void interruptCell(kernel, ticket, GRACE_SECONDS);
  signal.addEventListener('abort', interrupt, { once: true });
  const shown = new Shown();
  const began = performance.now();
  try {
    const outcome = await executeCell(
      kernel,
      {
        ...request,
        ticket,
        notebook,
        cell: `${notebook}#${index + 1}`,
        language: language as CellLanguage,
        source,
        abandon: { action: 'stop', graceSeconds: ABANDON_SECONDS },
      },
      (event) => {
        shown.add(event);
        if (event.kind === 'show') listener.shown(index, { kind: 'show', items: event.output.items });
        else if (event.kind === 'stream') listener.shown(index, event);
      },
    );
    const outputs = shown.events.flatMap((event): ShownOutput[] => {
      if (event.kind === 'clear') return [];
      return [event.kind === 'show' ? { kind: 'show', items: event.output.items } : event];
    });
    const error = outcome.kind === 'died' ? outcome.death : outcome.end.error;
    if (error !== undefined) {
      const { code: name, message, location } = error;
      const place = location === undefined ? '' : `\n${location.file}:${location.line}:${location.column}`;
      outputs.push({ kind: 'error', name, message, stack: `${message}${place}` });
    }
    return { outcome, outputs, milliseconds: performance.now() - began };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

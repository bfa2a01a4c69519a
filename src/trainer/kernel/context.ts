/** What the functions that cells call know of the cell that calls them. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Effects } from '../../learning/compile';
import { outsideOfCell } from '../../lab/cells/outside';
import type { Dataset } from '../../lab/dataset';
import type { Splits } from '../../lab/dataset';
import type { ExecuteCell } from '../../protocol/kernel';
import type { RunListener } from '../runs/journal';
import type { RunEnvironment } from '../runs/record';
import type { Run } from '../runs/run';
import type { Origin } from '../modelFile/errors';
import type { Items } from './display';
import type { Pages } from './display/pages';

/** Runs of a kernel's process: one at a time, which clients see, pause and stop as any other. */
export interface KernelRuns {
  readonly environment: RunEnvironment;
  /** Tells the clients. */
  readonly listener: RunListener;
  /**
   * Makes a run the one that this process trains. An interrupt stops it.
   * @param label What it is called until its title is known.
   * @param begin Called once it is sure that no other is training.
   * @throws LabError TRAINER_BUSY, what `begin` throws
   */
  begin(label: string, begin: () => Promise<Run>): Promise<Run>;
}

/** One execution of a cell. It outlives the cell in what the cell leaves behind: timers, functions that wait. */
export interface CellContext {
  readonly request: ExecuteCell;
  /** Aborted when the user interrupts the cell, with an error CANCELLED; trainings are stopped by the kernel itself. */
  readonly signal: AbortSignal;
  readonly runs: KernelRuns;
  /** Where the learner's code stands, for errors. */
  readonly origin: Origin;
  /** What the code of cells and of the files that they import does beside computing tensors, for `Training`. */
  readonly effects: Effects;
  /** What displays hold too much of to be sent at once. */
  readonly pages: Pages;
  /** Loads a data set as a training does; an interrupt ends it. */
  load(data: Dataset): Promise<Splits>;
  /** Shows something, in the order of the calls. With the id of an earlier output, in its place. @returns its id */
  show(items: Items, id?: string): string;
  /** Removes what the cell has shown so far. */
  clear(): void;
}

const storage = new AsyncLocalStorage<CellContext>();

/** Runs work as this cell's; whatever it leaves to wait is the cell's, too. */
export function inCell<T>(context: CellContext, work: () => T): T {
  return storage.run(context, work);
}

/** The cell that is calling; undefined outside of any. */
export function callingCell(): CellContext | undefined {
  return storage.getStore();
}

/** As `callingCell`, for what makes no sense elsewhere. @throws LabError CELL_OUTSIDE, CANCELLED once the cell is interrupted */
export function currentCell(call: string): CellContext {
  const context = storage.getStore();
  if (context === undefined) throw outsideOfCell(call);
  context.signal.throwIfAborted();
  return context;
}

/** A trainer's process as long as it is of use: started for the first piece of work, started again where it was ended. */
import { TrainerConnection } from './connection';
import { cancelled } from './errors';
import type { TrainerOptions } from './options';
import { supervise, type Outcome, type Postpone, type Terms } from './supervise';

export class Worker {
  private connection: Promise<TrainerConnection> | undefined;
  /** The work before: a process that has to be ended would take whatever else it does with it. */
  private queue: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isDisposed = false;

  /**
   * @param options Asked at each start, so that changed settings count.
   * @param keepSeconds How long a process without work is kept for the next.
   */
  constructor(
    private readonly options: () => TrainerOptions,
    private readonly keepSeconds = Infinity,
  ) {}

  /**
   * One piece of work after the other; who calls it off does not wait for its turn.
   * @throws LabError what the trainer answers; when none can be started: TRAINER_*, ENGINE_*; CANCELLED, also after `dispose`
   */
  async run<T>(
    terms: Terms,
    work: (trainer: TrainerConnection, postpone: Postpone) => Promise<T>,
  ): Promise<Outcome<T>> {
    const turn = this.queue;
    const over = this.afterTurn(turn, terms, work);
    this.queue = Promise.allSettled([turn, over]);
    return await over;
  }

  /** Ends the process, unless it is busy for another client, or gone. */
  async shutDown(): Promise<void> {
    const trainer = await this.connection?.catch(() => undefined);
    if (trainer?.isOpen === true) await trainer.shutDown().catch(() => undefined);
    this.dispose();
  }

  /** Disconnects; the process ends itself when nobody else uses it. */
  dispose(): void {
    this.isDisposed = true;
    this.leave();
  }

  private async afterTurn<T>(
    turn: Promise<unknown>,
    terms: Terms,
    work: (trainer: TrainerConnection, postpone: Postpone) => Promise<T>,
  ): Promise<Outcome<T>> {
    await unlessCalledOff(turn, terms.signal);
    clearTimeout(this.timer);
    try {
      for (;;) {
        const trainer = await unlessCalledOff(this.connected(), terms.signal);
        const outcome = await supervise(trainer, terms, (postpone) => work(trainer, postpone));
        // It had done its work when it was asked for more.
        if (outcome.kind !== 'died' || !trainer.endedInOrder) return outcome;
      }
    } finally {
      if (this.keepSeconds !== Infinity) {
        this.timer = setTimeout(() => {
          this.leave();
        }, this.keepSeconds * 1000);
      }
    }
  }

  private async connected(): Promise<TrainerConnection> {
    const known = await this.connection?.catch(() => undefined);
    if (this.isDisposed) throw cancelled();
    const options = this.options();
    if (known?.isOpen === true && !(await known.makeWay(options))) return known;
    this.connection = TrainerConnection.start(options);
    return await this.connection;
  }

  private leave(): void {
    clearTimeout(this.timer);
    const { connection } = this;
    this.connection = undefined;
    void connection?.then(
      (trainer) => {
        trainer.dispose();
      },
      () => undefined, // whoever waited for the start has been told
    );
  }
}

async function unlessCalledOff<T>(waiting: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await waiting;
  let callOff!: () => void;
  const calledOff = new Promise<never>((_, reject) => {
    callOff = () => {
      reject(cancelled());
    };
    if (signal.aborted) callOff();
    else signal.addEventListener('abort', callOff);
  });
  try {
    return await Promise.race([waiting, calledOff]);
  } finally {
    signal.removeEventListener('abort', callOff);
  }
}

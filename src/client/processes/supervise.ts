/** Work in another process that may never come to an end: it has a deadline, can be called off, and may die of it. */
import type { LabErrorData } from '../../protocol/errors';
import { cancelled } from './errors';

/** How long work may take, and who may call it off. */
export interface Terms {
  /** Until the first `postpone`; Infinity: until it is over. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Grants so many seconds from now on. */
export type Postpone = (seconds: number) => void;

/** What became of the work. Where it is not done, the process is gone. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** It took longer than these seconds, and its process was ended. */
  | { readonly kind: 'late'; readonly seconds: number }
  /** The process ended by itself, or somebody else ended it. */
  | { readonly kind: 'died'; readonly death: LabErrorData };

/** What it needs of the process that works. */
interface Supervised {
  readonly isOpen: boolean;
  /** Somebody on this side closed the connection. */
  readonly isLeft: boolean;
  readonly closed: Promise<unknown>;
  death(): LabErrorData;
  kill(): Promise<void>;
}

/** @throws LabError what the trainer answers; CANCELLED when it was called off: then the process was ended */
export async function supervise<T>(
  trainer: Supervised,
  { seconds, signal }: Terms,
  work: (postpone: Postpone) => Promise<T>,
): Promise<Outcome<T>> {
  if (signal?.aborted === true) throw cancelled();
  let timer: NodeJS.Timeout | undefined;
  let callOff!: () => void;
  let isOver = false;
  const interrupted = new Promise<Outcome<T>>((resolve, reject) => {
    const kill = (then: () => void): void => {
      isOver = true;
      void trainer.kill().then(then, reject);
    };
    callOff = () => {
      kill(() => {
        reject(cancelled());
      });
    };
    const postpone: Postpone = (granted) => {
      clearTimeout(timer);
      if (isOver || granted === Infinity) return;
      timer = setTimeout(() => {
        kill(() => {
          resolve({ kind: 'late', seconds: granted });
        });
      }, granted * 1000);
    };
    postpone(seconds);
    work(postpone).then(
      (value) => {
        if (!isOver) resolve({ kind: 'done', value });
      },
      (error: unknown) => {
        // When the process is gone, its end says more than the request that failed with it.
        if (!isOver && (trainer.isOpen || trainer.isLeft))
          reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
    void trainer.closed.then(() => {
      if (!isOver && !trainer.isLeft) resolve({ kind: 'died', death: trainer.death() });
    });
  });
  signal?.addEventListener('abort', callOff);
  try {
    return await interrupted;
  } finally {
    isOver = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', callOff);
  }
}

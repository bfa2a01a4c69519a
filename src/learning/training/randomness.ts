/**
 * Makes a run reproducible. tfjs seeds its initialisers, dropout and noise from Math.random unless the model says
 * otherwise, so one seeded Math.random during the run's synchronous work makes the same seed give the same run.
 */
import { createRandom, type Random } from '../../lab/random';

export class Randomness {
  private readonly stream: Random;

  constructor(private readonly seed: number) {
    this.stream = createRandom(seed);
  }

  /** Runs synchronous work with Math.random drawn from the run's stream. */
  during<T>(work: () => T): T {
    const original = Math.random;
    Math.random = () => this.stream.next();
    try {
      return work();
    } finally {
      Math.random = original;
    }
  }

  /** The same for work that waits in between; whoever draws meanwhile draws from the stream too. */
  async until<T>(work: () => T | Promise<T>): Promise<T> {
    const original = Math.random;
    Math.random = () => this.stream.next();
    try {
      return await work();
    } finally {
      Math.random = original;
    }
  }

  /** The source of an epoch's shuffling: from seed and epoch alone, so that a resumed run shuffles alike. */
  shuffling(epoch: number): Random {
    return createRandom(this.seed * 1_000_003 + epoch);
  }

  state(): number[] {
    return this.stream.state();
  }

  restore(state: readonly number[]): void {
    this.stream.restore(state);
  }
}

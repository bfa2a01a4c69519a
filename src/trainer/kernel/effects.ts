/** What the code of a kernel does beside computing tensors: that of all its cells and of every file that they import. */
import type { SourceLocation } from '../../protocol/errors';
import type { Effect, Effects } from '../../learning/compile';

export class KernelEffects implements Effects {
  /** What an older version of a file has left behind may still be called. */
  private readonly parts: Effects[] = [];

  add(part: Effects): void {
    this.parts.push(part);
  }

  get changes(): number {
    return this.parts.reduce((sum, { changes }) => sum + changes, 0);
  }

  get last(): Effect | undefined {
    return this.parts.map(({ last }) => last).findLast((last) => last !== undefined);
  }

  here(): SourceLocation | undefined {
    return this.parts[0]?.here();
  }

  step<T>(work: () => T): T {
    return this.parts.reduceRight((inner, part) => () => part.step(inner), work)();
  }
}

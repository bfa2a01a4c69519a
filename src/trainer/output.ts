/**
 * The process's stdout and stderr go to its log file; what the learner's code prints is shown to clients as well. A loop
 * that prints without end must fill neither the disk nor the memory: what comes too fast is left out, and said so.
 */
import * as l10n from '@vscode/l10n';

type Stream = 'stdout' | 'stderr';

export const CHARACTERS_A_SECOND = 256 * 1024;
const CHARACTERS_LOGGED = 16 * 2 ** 20;

/** Passes text on as long as it comes slowly enough. The clock is in milliseconds. */
export class OutputLimit {
  private windowStart = Number.NEGATIVE_INFINITY;
  private used = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** What may be shown of `text`: all of it, a notice for the first that is too much in a second, or nothing. */
  pass(text: string): string {
    if (this.now() - this.windowStart >= 1000) {
      this.windowStart = this.now();
      this.used = 0;
    }
    const wasWithin = this.used <= CHARACTERS_A_SECOND;
    this.used += text.length;
    if (this.used <= CHARACTERS_A_SECOND) return text;
    return wasWithin ? `\n${l10n.t('… more output than can be shown; the rest of this second is left out')}\n` : '';
  }
}

export function teeOutput(onText: (stream: Stream, text: string) => void): void {
  const limit = new OutputLimit();
  let logged = 0;
  for (const stream of ['stdout', 'stderr'] as const) {
    const target = process[stream];
    const write = target.write.bind(target) as (...args: unknown[]) => boolean;
    target.write = (chunk: unknown, ...rest: unknown[]): boolean => {
      const text = limit.pass(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString());
      if (text !== '') onText(stream, text);
      logged += text.length;
      return write(logged <= CHARACTERS_LOGGED ? text : '', ...rest.filter((extra) => typeof extra === 'function'));
    };
  }
}

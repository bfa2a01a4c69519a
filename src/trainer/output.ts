/**
 * The process's stdout and stderr go to its log file; what the learner's code prints is shown to clients as well. Code
 * that prints without end must fill neither the disk nor the memory: what is too much is left out, and said so.
 */
import * as l10n from '@vscode/l10n';

type Stream = 'stdout' | 'stderr';

export const CHARACTERS_A_SECOND = 256 * 1024;
const CHARACTERS_IN_TEN_MINUTES = 16 * 2 ** 20;
const CHARACTERS_LOGGED = 16 * 2 ** 20;
/** Of one piece, no more than this is looked at. */
const BYTES_A_PIECE = 4 * 2 ** 20;

/** Lets so many characters pass in a span of time, and one notice. The clock is in milliseconds. */
export class OutputLimit {
  private start = Number.NEGATIVE_INFINITY;
  private used = 0;

  constructor(
    private readonly characters: number,
    private readonly milliseconds: number,
    private readonly notice: () => string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What may be shown of `text`: all of it, its beginning and the notice, or nothing. */
  pass(text: string): string {
    if (this.now() - this.start >= this.milliseconds) {
      this.start = this.now();
      this.used = 0;
    }
    const room = this.characters - this.used;
    this.used += text.length;
    if (text.length <= room) return text;
    return room < 0 ? '' : `${text.slice(0, room)}\n${this.notice()}\n`;
  }
}

export const aSecond = (now?: () => number): OutputLimit =>
  new OutputLimit(
    CHARACTERS_A_SECOND,
    1000,
    () => l10n.t('… more output than can be shown; the rest of this second is left out'),
    now,
  );

/** Text is told at once when nothing was for a while, else together with what follows: a message a line would be a flood. */
const TOLD_EVERY_MS = 50;

class Gathered {
  private stream: Stream = 'stdout';
  private text = '';
  private told = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly onText: (stream: Stream, text: string) => void) {}

  add(stream: Stream, text: string): void {
    if (stream !== this.stream) this.flush();
    this.stream = stream;
    this.text += text;
    // By the clock as well: code that prints in a loop lets no timer run.
    if (performance.now() - this.told >= TOLD_EVERY_MS) this.flush();
    else
      this.timer ??= setTimeout(() => {
        this.flush();
      }, TOLD_EVERY_MS).unref();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.text === '') return;
    const { stream, text } = this;
    this.text = '';
    this.told = performance.now();
    this.onText(stream, text);
  }
}

/** The process's own streams, from its making on. */
export class TeedOutput {
  private readonly gathered = new Gathered((stream, text) => {
    this.onText(stream, text);
  });
  private onText: (stream: Stream, text: string) => void = () => undefined;

  constructor() {
    const brief = aSecond();
    const long = new OutputLimit(CHARACTERS_IN_TEN_MINUTES, 600_000, () =>
      l10n.t('… more output than can be shown; what comes in the next minutes is left out'),
    );
    const logged = new OutputLimit(CHARACTERS_LOGGED, Infinity, () => '… the log ends here');
    for (const stream of ['stdout', 'stderr'] as const) {
      const target = process[stream];
      const write = target.write.bind(target) as (...args: unknown[]) => boolean;
      // A log that cannot be written, its disk being full, is no fault of the run's.
      target.on('error', () => undefined);
      target.write = (chunk: unknown, ...rest: unknown[]): boolean => {
        const text = typeof chunk === 'string' ? chunk : textOf(chunk as Uint8Array);
        const shown = long.pass(brief.pass(text));
        if (shown !== '') this.gathered.add(stream, printable(shown));
        const kept = logged.pass(text);
        const done = rest.filter((extra) => typeof extra === 'function');
        if (kept === '' && done.length === 0) return true;
        try {
          return write(kept, ...done);
        } catch {
          return true;
        }
      };
    }
  }

  tell(onText: (stream: Stream, text: string) => void): void {
    this.onText = onText;
  }

  /** Tells what still waits. */
  flush(): void {
    this.gathered.flush();
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, BYTES_A_PIECE)).toString();
}

/** Bytes that are no text would move the cursor of a terminal about; colours may stay. */
function printable(text: string): string {
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]/g, '\ufffd');
}

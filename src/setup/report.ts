/** How set-up speaks to the user: one live line on a terminal, plain lines elsewhere. Always on stderr. */
import * as l10n from '@vscode/l10n';
import { clearLive, drawLive, type Output } from './terminal';

export interface Report {
  /** What is being done now; `fraction` in 0..1, or null where the total is unknown. */
  update(text: string, fraction?: number | null): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

export class Reporter {
  constructor(private readonly output: Output = process.stderr) {}

  /** Shows `title` while `work` goes on, then how it ended and how long it took. */
  async task<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
    const started = Date.now();
    const line = this.output.isTTY === true ? new LiveLine(this.output, title) : new PlainLines(this.output, title);
    try {
      const result = await work(line);
      line.end('✓', l10n.t('{0} ({1} s)', title, ((Date.now() - started) / 1000).toFixed(1)));
      return result;
    } catch (error) {
      line.end('✗', title);
      throw error;
    }
  }
}

class PlainLines implements Report {
  private last = '';
  constructor(
    private readonly output: Output,
    title: string,
  ) {
    output.write(`${title} …\n`);
  }
  update(text: string): void {
    // A figure that grows is not a new line.
    const phase = text.replaceAll(/\d+/g, '#');
    if (phase === this.last) return;
    this.last = phase;
    this.output.write(`  ${text}\n`);
  }
  end(mark: string, text: string): void {
    this.output.write(`${mark} ${text}\n`);
  }
}

class LiveLine implements Report {
  private frame = 0;
  private text = '';
  private fraction: number | null = null;
  private readonly timer: NodeJS.Timeout;
  constructor(
    private readonly output: Output,
    private readonly title: string,
  ) {
    this.timer = setInterval(() => {
      this.draw();
    }, FRAME_MS);
    this.timer.unref();
    this.draw();
  }
  update(text: string, fraction: number | null = null): void {
    this.text = text;
    this.fraction = fraction;
  }
  end(mark: string, text: string): void {
    clearInterval(this.timer);
    clearLive(this.output);
    this.output.write(`${mark} ${text}\n`);
  }
  private draw(): void {
    const share = this.fraction === null ? '' : ` ${String(Math.floor(this.fraction * 100))} %`;
    const full = `${FRAMES[this.frame++ % FRAMES.length] ?? ''} ${this.title}${this.text === '' ? '' : ` · ${this.text}`}${share}`;
    drawLive(this.output, full);
  }
}

/** What displays hold too much of to be sent at once: kept here behind handles, the oldest let go first. */
import type { Page } from '../../../protocol/display';
import type { ReadPage } from '../../../protocol/kernel';

/** Of all that is kept. */
const MOST_BYTES = 128 * 2 ** 20;
/** Rows that are given at once, whoever asks. */
const MOST_ROWS = 1000;

export interface PageSource {
  readonly bytes: number;
  readonly rows: number;
  read(from: number, count: number): NonNullable<Page>;
}

export class Pages {
  private readonly sources = new Map<string, PageSource>();
  private bytes = 0;
  private handles = 0;

  /** @returns what it is read by; undefined where it is too large to be kept */
  keep(source: PageSource): string | undefined {
    if (source.bytes > MOST_BYTES / 2) return undefined;
    const handle = String(++this.handles);
    this.sources.set(handle, source);
    this.bytes += source.bytes;
    for (const [oldest, { bytes }] of this.sources) {
      if (this.bytes <= MOST_BYTES) break;
      this.sources.delete(oldest);
      this.bytes -= bytes;
    }
    return handle;
  }

  read({ handle, from, count }: ReadPage): Page {
    const source = this.sources.get(handle);
    if (source === undefined || !Number.isInteger(from) || !Number.isInteger(count)) return undefined;
    const first = Math.min(Math.max(0, from), Math.max(0, source.rows - 1));
    return source.read(first, Math.min(Math.max(1, count), MOST_ROWS, source.rows - first));
  }
}

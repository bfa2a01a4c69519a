/** Reads a file's head value by value, in pieces, and says what is missing where it ends too early. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { ggufCorrupt } from './errors';

const PIECE_BYTES = 2 ** 20;
/** Letters and values that a head may have in all. The largest vocabularies take a third of it. */
const MOST = 2 ** 24;

export class Cursor {
  private piece = Buffer.alloc(0);
  /** Where the piece begins in the file. */
  private start = 0;
  private at = 0;
  private counted = 0;

  constructor(
    readonly file: string,
    private readonly descriptor: number,
    readonly size: number,
  ) {}

  /** Bytes that were read. */
  get position(): number {
    return this.start + this.at;
  }

  /** Bytes up to the end of the file. */
  get left(): number {
    return this.size - this.position;
  }

  uint8 = (): number => this.take(1).readUInt8();
  int8 = (): number => this.take(1).readInt8();
  uint16 = (): number => this.take(2).readUInt16LE();
  int16 = (): number => this.take(2).readInt16LE();
  uint32 = (): number => this.take(4).readUInt32LE();
  int32 = (): number => this.take(4).readInt32LE();
  float32 = (): number => this.take(4).readFloatLE();
  float64 = (): number => this.take(8).readDoubleLE();
  /** Beyond 2⁵³ rounded, as all numbers in JavaScript. */
  uint64 = (): number => Number(this.take(8).readBigUInt64LE());
  int64 = (): number => Number(this.take(8).readBigInt64LE());
  bool = (): boolean => this.uint8() !== 0;
  string = (): string => this.take(this.count(1, l10n.t('a text'))).toString('utf8');

  /**
   * A number of things of at least `bytes` each that follow: no more than fit into the file, or into memory.
   * @throws LabError GGUF_CORRUPT
   */
  count(bytes: number, what: string): number {
    const count = this.uint64();
    const most = Math.min(Math.floor(this.left / bytes), MOST - this.counted);
    if (count > most) {
      const expected = l10n.t('{0} of length {1} at most at byte {2}', what, most, this.position);
      throw ggufCorrupt(this.file, expected, String(count));
    }
    this.counted += count;
    return count;
  }

  private take(bytes: number): Buffer {
    if (bytes > this.left) {
      const found = l10n.t('the end of the file after {0} bytes', this.size);
      throw ggufCorrupt(this.file, l10n.t('{0} bytes at byte {1}', bytes, this.position), found);
    }
    if (this.at + bytes > this.piece.length) this.refill(bytes);
    this.at += bytes;
    return this.piece.subarray(this.at - bytes, this.at);
  }

  private refill(bytes: number): void {
    this.start += this.at;
    this.at = 0;
    const piece = Buffer.alloc(Math.min(Math.max(bytes, PIECE_BYTES), this.size - this.start));
    let filled = 0;
    while (filled < piece.length) {
      const read = fs.readSync(this.descriptor, piece, filled, piece.length - filled, this.start + filled);
      if (read === 0) break;
      filled += read;
    }
    if (filled < bytes) {
      const found = l10n.t('the end of the file after {0} bytes', this.start + filled);
      throw ggufCorrupt(this.file, l10n.t('{0} bytes at byte {1}', bytes, this.start), found);
    }
    this.piece = piece.subarray(0, filled);
  }
}

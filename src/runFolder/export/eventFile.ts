/**
 * TensorBoard's event files: TFRecords of tensorflow.Event (tensorflow/core/util/event.proto, framework/summary.proto).
 * TensorFlow's own writer stamps each value with the time of writing; here the time is the caller's.
 */
import { PbfWriter } from 'pbf';
import fs from 'node:fs/promises';

const BUFFER_BYTES = 64 * 1024;

export interface Scalar {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

export class EventFile {
  /** Records that are to be written: one buffer, used again, because there are millions of records. */
  private readonly waiting = new PbfWriter(new Uint8Array(BUFFER_BYTES));

  private constructor(private readonly file: fs.FileHandle) {}

  static async create(file: string, wallTime: number): Promise<EventFile> {
    const made = new EventFile(await fs.open(file, 'w'));
    writeRecord(made.waiting, (version) => {
      version.writeDoubleField(1, wallTime);
      version.writeStringField(3, 'brain.Event:2');
    });
    return made;
  }

  scalar(scalar: Scalar): void {
    writeRecord(this.waiting, (event) => {
      event.writeDoubleField(1, scalar.wallTime);
      event.writeVarintField(2, scalar.step);
      event.writeMessage(5, writeSummary, scalar);
    });
  }

  async flush(): Promise<void> {
    const { buf, pos } = this.waiting;
    await this.file.writeFile(buf.subarray(0, pos));
    this.waiting.pos = 0;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function writeSummary(scalar: Scalar, summary: PbfWriter): void {
  summary.writeMessage(1, writeValue, scalar);
}

function writeValue({ tag, value }: Scalar, message: PbfWriter): void {
  message.writeStringField(1, tag);
  message.writeFloatField(2, value);
}

/** Length, its checksum, payload, its checksum. */
function writeRecord(output: PbfWriter, writePayload: (output: PbfWriter) => void): void {
  const begin = output.pos;
  output.writeFixed64(0);
  output.writeFixed32(0);
  const payload = output.pos;
  writePayload(output);
  const end = output.pos;
  output.pos = begin;
  output.writeFixed64(end - payload);
  output.writeFixed32(maskedChecksum(output.buf, begin, output.pos));
  output.pos = end;
  output.writeFixed32(maskedChecksum(output.buf, payload, end));
}

/** tensorflow/core/lib/hash/crc32c.h: of data that hold checksums themselves a plain one would say little. */
function maskedChecksum(bytes: Uint8Array, from: number, to: number): number {
  const sum = crc32c(bytes, from, to);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C (Castagnoli, RFC 3720 B.4), whose reversed polynomial is 0x82f63b78. Node's own crc32 has another one. */
function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0xffffffff;
  for (let i = from; i < to; i++) sum = (TABLE[(sum ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 0 ? sum >>> 1 : (sum >>> 1) ^ 0x82f63b78;
  return sum;
});

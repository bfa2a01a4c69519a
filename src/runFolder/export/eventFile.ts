/**
 * TensorBoard's event files: TFRecords of tensorflow.Event (tensorflow/core/util/event.proto, framework/summary.proto).
 * TensorFlow's own writer stamps each value with the time of writing; here the time is the caller's.
 */
import { PbfWriter } from 'pbf';
import fs from 'node:fs/promises';

export interface Scalar {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

export class EventFile {
  private waiting: Buffer[] = [];

  private constructor(private readonly file: fs.FileHandle) {}

  static async create(file: string, wallTime: number): Promise<EventFile> {
    const made = new EventFile(await fs.open(file, 'w'));
    const version = new PbfWriter();
    version.writeDoubleField(1, wallTime);
    version.writeStringField(3, 'brain.Event:2');
    made.waiting.push(record(version.finish()));
    return made;
  }

  scalar(scalar: Scalar): void {
    const event = new PbfWriter();
    event.writeDoubleField(1, scalar.wallTime);
    event.writeVarintField(2, scalar.step);
    event.writeMessage(5, writeSummary, scalar);
    this.waiting.push(record(event.finish()));
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.waiting.splice(0));
    await this.file.writeFile(bytes);
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
function record(payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(16 + payload.length);
  bytes.writeBigUInt64LE(BigInt(payload.length), 0);
  bytes.writeUInt32LE(maskedChecksum(bytes.subarray(0, 8)), 8);
  bytes.set(payload, 12);
  bytes.writeUInt32LE(maskedChecksum(payload), 12 + payload.length);
  return bytes;
}

/** tensorflow/core/lib/hash/crc32c.h: of data that hold checksums themselves a plain one would say little. */
function maskedChecksum(bytes: Uint8Array): number {
  const sum = crc32c(bytes);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C (Castagnoli, RFC 3720 B.4), whose reversed polynomial is 0x82f63b78. Node's own crc32 has another one. */
function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 0 ? sum >>> 1 : (sum >>> 1) ^ 0x82f63b78;
  return sum;
});

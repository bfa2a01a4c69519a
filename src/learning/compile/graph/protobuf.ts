/** Protocol buffers, the writing half: as much of the wire format as a SavedModel needs. */

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** One message. Fields appear in the order they are written; zero values are written too. */
export class Message {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  int(field: number, value: number | bigint): this {
    this.varint(BigInt((field << 3) | VARINT));
    this.varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  bool(field: number, value: boolean): this {
    return this.int(field, value ? 1 : 0);
  }

  float(field: number, value: number): this {
    this.varint(BigInt((field << 3) | FIXED32));
    return this.push(new Uint8Array(new Float32Array([value]).buffer));
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint(BigInt((field << 3) | BYTES));
    this.varint(BigInt(value.length));
    return this.push(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, value: Message): this {
    this.varint(BigInt((field << 3) | BYTES));
    this.varint(BigInt(value.length));
    for (const part of value.parts) this.push(part);
    return this;
  }

  /** An entry of a map<string, Message>: a message with the key as field 1 and the value as field 2. */
  entry(field: number, key: string, value: Message): this {
    return this.message(field, new Message().string(1, key).message(2, value));
  }

  finish(): Uint8Array {
    return Buffer.concat(this.parts, this.length);
  }

  private varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.push(Uint8Array.from(bytes));
  }

  private push(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }
}

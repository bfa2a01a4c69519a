/**
 * A list of numbers that grows, and can be thinned. Whole values are kept, 8 bytes each.
 *
 * The first block doubles until it is full, then whole blocks are added: appending never copies more than one block,
 * so that no frame pays for a million points at once, and at most one block is allocated ahead of need.
 */
const BLOCK_BITS = 16;
const BLOCK = 1 << BLOCK_BITS;
const FIRST = 256;

export class Column {
  readonly #blocks: Float64Array[] = [new Float64Array(FIRST)];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }

  /** NaN outside the list, as for a value that is missing. */
  at(index: number): number {
    if (index < 0 || index >= this.#length) return NaN;
    return this.#blocks[index >>> BLOCK_BITS]?.[index & (BLOCK - 1)] ?? NaN;
  }

  push(value: number): void {
    const block = this.#room();
    block[this.#length & (BLOCK - 1)] = value;
    this.#length++;
  }

  append(values: Float64Array): void {
    for (let done = 0; done < values.length;) {
      const block = this.#room();
      const start = this.#length & (BLOCK - 1);
      const part = values.subarray(done, done + block.length - start);
      block.set(part, start);
      done += part.length;
      this.#length += part.length;
    }
  }

  /** Appends `count` missing values. */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.push(NaN);
  }

  /** All values in one piece, for loops over many: good until the list changes. */
  flat(): Float64Array {
    const [first] = this.#blocks;
    if (first !== undefined && this.#length <= first.length) return first.subarray(0, this.#length);
    const all = new Float64Array(this.#length);
    this.#blocks.forEach((block, i) => {
      const start = i << BLOCK_BITS;
      if (start < this.#length) all.set(block.subarray(0, this.#length - start), start);
    });
    return all;
  }

  /** Lets go of all values but those at these indices, which rise. The room stays: the list grows again. */
  keep(indices: Uint32Array): void {
    const all = this.flat();
    const kept = new Float64Array(indices.length);
    for (let i = 0; i < kept.length; i++) kept[i] = all[indices[i] ?? NaN] ?? NaN;
    this.clear();
    this.append(kept);
  }

  clear(): void {
    this.#length = 0;
  }

  /** First index whose value is >= `value`, in a list that never falls. */
  lowerBound(value: number, low = 0): number {
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the value nearest to `value` in a list that never falls; -1 when it is empty. */
  nearest(value: number): number {
    const above = this.lowerBound(value);
    if (above === 0) return this.#length === 0 ? -1 : 0;
    if (above === this.#length) return above - 1;
    return value - this.at(above - 1) <= this.at(above) - value ? above - 1 : above;
  }

  /** The block that holds the next value. */
  #room(): Float64Array {
    const index = this.#length >>> BLOCK_BITS;
    const block = this.#blocks[index];
    if (block === undefined) {
      const fresh = new Float64Array(BLOCK);
      this.#blocks.push(fresh);
      return fresh;
    }
    if ((this.#length & (BLOCK - 1)) < block.length) return block;
    const larger = new Float64Array(block.length * 2);
    larger.set(block);
    this.#blocks[index] = larger;
    return larger;
  }
}

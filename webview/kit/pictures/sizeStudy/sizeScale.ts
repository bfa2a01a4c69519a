/** The axis of a study by number of examples: logarithmic, with the sizes that were tried as its ticks. */

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A little room at both ends; a size alone stands in the middle. */
export function sizeRange(sizes: readonly number[]): Range {
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const room = low === high ? 2 : (high / low) ** 0.04;
  return { min: low / room, max: high * room };
}

/** At most `most` of the sizes, spread over the axis: always the first and the last one. */
export function sizeTicks(sizes: readonly number[], most: number): number[] {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined || first === last) return [...new Set(sizes)];
  const least = Math.log(last / first) / Math.max(1, most - 1);
  const kept = [first];
  for (const size of sizes.slice(1, -1)) {
    const far = (from: number, to: number): boolean => Math.log(to / from) >= least;
    if (far(kept.at(-1) ?? first, size) && far(size, last)) kept.push(size);
  }
  return [...kept, last];
}

/** A little room around the values, but none beyond 0, nor beyond 1 for a share. */
export function valueRange(values: readonly (number | null)[], share: boolean): Range {
  const finite = values.filter((value) => value !== null);
  if (finite.length === 0) return { min: 0, max: 1 };
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const room = 0.08 * (high - low || Math.abs(high) || 1);
  return { min: Math.max(0, low - room), max: share ? Math.min(1, high + room) : high + room };
}

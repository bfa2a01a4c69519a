/** Ids for labels and descriptions, other ones in each copy of the kit that a page loads. */
const copy = Math.random().toString(36).slice(2, 8);
let ids = 0;

export function uniqueId(prefix: string): string {
  return `${prefix}-${copy}-${++ids}`;
}

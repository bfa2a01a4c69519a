/** A number of a tensor with four significant digits: gradients are often small, and their digits are what one compares. */
export function digits(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e5 ? value.toExponential(3) : value.toPrecision(4);
}

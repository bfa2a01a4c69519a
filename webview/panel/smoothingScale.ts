/** The smoothing slider moves over powers of ten of the number of steps that are averaged: 1, about 10, 100, 1000. */
export const HIGHEST_POWER = 3;

export function weightOf(power: number): number {
  return power <= 0 ? 0 : 1 - 10 ** -power;
}

export function powerOf(weight: number): number {
  return weight <= 0 ? 0 : -Math.log10(1 - weight);
}

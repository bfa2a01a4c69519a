/** The straight lines of a study of models, where both axes are logarithmic. */
import type { PowerLaw } from '../../../../src/protocol/pictures';
import type { Sample } from '../../data/sampling';

const valueAt = ({ factor, exponent }: PowerLaw, x: number): number => factor * x ** -exponent;

/** A law between two places. */
export function lawLine(law: PowerLaw, [from, to]: readonly [number, number]): Sample[] {
  return [from, to].map((x) => ({ x, y: valueAt(law, x) }));
}

/** A law with another exponent that meets this one in the middle of the axis: how steep others have found it. */
export function withExponent(law: PowerLaw, exponent: number, [from, to]: readonly [number, number]): PowerLaw {
  const middle = Math.sqrt(from * to);
  return { exponent, factor: valueAt(law, middle) * middle ** exponent };
}

/** Values that ticks stand at on a logarithmic axis: 1, 2 and 5 of each power of ten, or finer where these are few. */
export function logTicks(min: number, max: number): number[] {
  const within = (digits: readonly number[]): number[] => {
    const made: number[] = [];
    for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; power++) {
      for (const digit of digits) {
        const value = Number((digit * 10 ** power).toPrecision(3));
        if (value >= min && value <= max) made.push(value);
      }
    }
    return made;
  };
  const powers = within([1]);
  if (powers.length >= 3) return powers;
  const few = within([1, 2, 5]);
  return few.length >= 3 ? few : within([1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 3, 3.5, 4, 5, 6, 8]);
}

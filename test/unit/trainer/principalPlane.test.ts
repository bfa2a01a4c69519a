/** Principal components against decompositions that are known beforehand. */
import assert from 'node:assert/strict';
import { createRandom, normal } from '../../../src/lab/random';
import { principalPlane, project, steadied } from '../../../src/learning/pictures/principalPlane';

const close = (found: ArrayLike<number>, expected: readonly number[], by = 1e-6): void => {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i]! - value) < by, `${String(i)}: ${String(found[i])}, expected ${String(value)}`);
  });
};
/** Of an axis, whose sign is by chance. */
const positive = (axis: Float64Array): number[] => {
  const sign = Math.sign(axis.find((value) => Math.abs(value) > 1e-9) ?? 1);
  return [...axis].map((value) => sign * value);
};

describe('the principal plane', () => {
  it('is that of a cross whose arms are 3, 2 and 1 long: by hand', () => {
    // Scatter: diag(18, 8, 2) in a frame turned by the 3-4-5 triangle in the first two axes.
    const arms = [
      [3 * 0.6, 3 * 0.8, 0],
      [2 * -0.8, 2 * 0.6, 0],
      [0, 0, 1],
    ];
    const middle = [5, -7, 2];
    const rows = Float32Array.from(
      arms.flatMap((arm) => [1, -1].flatMap((sign) => arm.map((value, i) => middle[i]! + sign * value))),
    );
    const plane = principalPlane(rows, 3);
    close(plane.mean, middle);
    close(positive(plane.axes[0]), [0.6, 0.8, 0]);
    close(positive(plane.axes[1]), [0.8, -0.6, 0]);
    close([plane.explained], [26 / 28]);
    close(Float64Array.from(project(rows, plane), Math.abs), [3, 0, 3, 0, 0, 2, 0, 2, 0, 0, 0, 0], 1e-5);
  });

  it('of 300 vectors of 20 numbers leaves no variance out that another plane would have', () => {
    const random = createRandom(7);
    const rows = Float32Array.from({ length: 300 * 20 }, (_, i) => normal(random) * (1 + (i % 20) / 4));
    const { axes, explained } = principalPlane(rows, 20);
    const [u, v] = axes;
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    close([dot(u, u), dot(v, v), dot(u, v)], [1, 1, 0]);
    // An axis is an eigenvector: the scatter matrix only makes it longer.
    const mean = Array.from({ length: 20 }, (_, c) =>
      rows.reduce((sum, x, i) => sum + (i % 20 === c ? x / 300 : 0), 0),
    );
    const times = (axis: Float64Array): Float64Array => {
      const product = new Float64Array(20);
      for (let row = 0; row < 300; row++) {
        let along = 0;
        for (let i = 0; i < 20; i++) along += (rows[row * 20 + i]! - mean[i]!) * axis[i]!;
        for (let i = 0; i < 20; i++) product[i]! += along * (rows[row * 20 + i]! - mean[i]!);
      }
      return product;
    };
    const values = [u, v].map((axis) => {
      const longer = times(axis);
      const value = dot(longer, axis);
      close(
        longer.map((one) => one / value),
        [...axis],
        1e-3,
      );
      return value;
    });
    const total = rows.reduce((sum, x, i) => sum + (x - mean[i % 20]!) ** 2, 0);
    close([explained], [(values[0]! + values[1]!) / total]);
    assert.ok(values[0]! > values[1]! && values[1]! > total / 20);
  });

  it('has no second axis where the vectors lie in a line, and none where they are equal', () => {
    const line = principalPlane(Float32Array.from([0, 0, 1, 1, 2, 2, 3, 3]), 2);
    close(positive(line.axes[0]), [Math.SQRT1_2, Math.SQRT1_2]);
    close([line.explained], [1]);
    const equal = principalPlane(Float32Array.from([1, 2, 1, 2, 1, 2]), 2);
    assert.equal(equal.explained, 0);
    assert.deepEqual([...project(Float32Array.from([1, 2]), equal)], [0, 0]);
    // Where training began with equal vectors, the axes are found as soon as there are any.
    const later = principalPlane(Float32Array.from([2, 0, -2, 0, 0, 1, 0, -1]), 2, equal.axes);
    close(positive(later.axes[0]), [1, 0]);
    close(positive(later.axes[1]), [0, 1]);
    // And those of before, where they are at right angles to the new ones, are left.
    const turned = principalPlane(Float32Array.from([1, 0, -1, 0, 0, 2, 0, -2, 0, 0]), 2, later.axes);
    close(positive(turned.axes[0]), [0, 1]);
  });
});

describe('a map of the same words', () => {
  const older = Float64Array.from([3, 0, -3, 0.5, 0, 2, 1, -2]);
  const moved = (turn: (x: number, y: number) => readonly [number, number]): Float64Array =>
    Float64Array.from(Array.from({ length: 4 }, (_, i) => turn(older[2 * i]!, older[2 * i + 1]!)).flat());
  const back = (places: Float64Array): Float64Array => {
    const turn = steadied(places, older);
    return Float64Array.from(Array.from({ length: 4 }, (_, i) => turn(places[2 * i]!, places[2 * i + 1]!)).flat());
  };
  const cases = {
    'a sign changed': (x: number, y: number) => [-x, y],
    'both signs changed': (x: number, y: number) => [-x, -y],
    'the axes changed places': (x: number, y: number) => [y, x],
    'it is turned by a third': (x: number, y: number) => [
      -0.5 * x - Math.sqrt(0.75) * y,
      Math.sqrt(0.75) * x - 0.5 * y,
    ],
  } as const;
  for (const [name, turn] of Object.entries(cases))
    it(`lies where it lay when ${name}`, () => {
      close(back(moved(turn as unknown as (x: number, y: number) => readonly [number, number])), [...older]);
    });

  it('keeps all distances when the words have moved', () => {
    const places = moved((x, y) => [y * 1.2 + 0.1 * x, x - 0.3 * y]);
    const found = back(places);
    const far = (of: Float64Array, i: number, j: number): number =>
      Math.hypot(of[2 * i]! - of[2 * j]!, of[2 * i + 1]! - of[2 * j + 1]!);
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ] as const)
      close([far(found, i, j)], [far(places, i, j)]);
  });
});

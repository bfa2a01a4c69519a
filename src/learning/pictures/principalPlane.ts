/** The plane in which vectors differ most (principal component analysis, Pearson 1901), and maps that keep still. */
import { createRandom } from '../../lab/random';

const MOST_ROUNDS = 300;
/** Of the axes' unit vectors, between two rounds. */
const STILL = 1e-8;
const AWAY = 1e-3;

export interface Plane {
  readonly mean: Float64Array;
  /** Orthonormal, the direction of the largest variance first; zeros where there is no more variance. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** Share of the variance that lies in the plane, 0 … 1; 0 where all vectors are equal. */
  readonly explained: number;
}

/**
 * By orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4) with a rotation to the principal axes in each
 * round, so that it costs a few products with the vectors and no decomposition.
 * @param rows [count, width], row-major
 * @param start axes from before: the search begins there
 */
export function principalPlane(rows: Float32Array, width: number, start?: Plane['axes']): Plane {
  const count = rows.length / width;
  const mean = new Float64Array(width);
  rows.forEach((value, i) => (mean[i % width] = (mean[i % width] ?? 0) + value / count));
  const centred = Float64Array.from(rows, (value, i) => value - (mean[i % width] ?? 0));
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  // Any two directions do, the same each time. A little of them is in a later start, too: what was no axis before, or is
  // at right angles to the new ones, would stay so.
  const drawn = firstAxes(width);
  let [u, v] = start === undefined ? drawn : [added(start[0], drawn[0]), added(start[1], drawn[1])];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const [a, b] = [timesScatter(centred, u), timesScatter(centred, v)];
    // Within their plane, the two directions without covariance.
    const angle = Math.atan2(2 * dot(u, b), dot(u, a) - dot(v, b)) / 2;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const first = a.map((value, i) => cos * value + sin * (b[i] ?? 0));
    const second = b.map((value, i) => cos * value - sin * (a[i] ?? 0));
    const nextU = unit(first, total);
    const along = dot(second, nextU);
    const nextV = unit(
      second.map((value, i) => value - along * (nextU[i] ?? 0)),
      total,
    );
    const moved = Math.max(distance(nextU, u), distance(nextV, v));
    [u, v] = [nextU, nextV];
    if (moved < STILL) break;
  }
  const largest = dot(u, timesScatter(centred, u)) + dot(v, timesScatter(centred, v));
  return { mean, axes: [u, v], explained: total > 0 ? Math.min(1, largest / total) : 0 };
}

/** Places in the plane, [count, 2], row-major. */
export function project(rows: Float32Array, { mean, axes: [u, v] }: Plane): Float64Array {
  const width = mean.length;
  const places = new Float64Array((rows.length / width) * 2);
  rows.forEach((value, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const from = value - (mean[column] ?? 0);
    places[2 * row] = (places[2 * row] ?? 0) + from * (u[column] ?? 0);
    places[2 * row + 1] = (places[2 * row + 1] ?? 0) + from * (v[column] ?? 0);
  });
  return places;
}

/**
 * Turns, and where it must mirrors, a map so that it lies as closely as it can on an older one of the same points
 * (orthogonal Procrustes, Schönemann 1966, in two dimensions): principal axes have no sign, and change places.
 * @returns what to do with each place
 */
export function steadied(
  places: Float64Array,
  older: Float64Array,
): (x: number, y: number) => readonly [number, number] {
  const sums = (mirror: number): readonly [number, number] => {
    let [along, across] = [0, 0];
    for (let i = 0; i < older.length; i += 2) {
      const [x, y, toX, toY] = [places[i] ?? 0, mirror * (places[i + 1] ?? 0), older[i] ?? 0, older[i + 1] ?? 0];
      along += x * toX + y * toY;
      across += x * toY - y * toX;
    }
    return [along, across];
  };
  const [turned, mirrored] = [sums(1), sums(-1)];
  const mirror = Math.hypot(...turned) >= Math.hypot(...mirrored) ? 1 : -1;
  const [along, across] = mirror === 1 ? turned : mirrored;
  const angle = Math.atan2(across, along);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => [cos * x - sin * mirror * y, sin * x + cos * mirror * y];
}

function firstAxes(width: number): Plane['axes'] {
  const random = createRandom(1);
  const drawn = (): Float64Array => Float64Array.from({ length: width }, () => random.next() - 0.5);
  const u = unit(drawn(), 1);
  const second = drawn();
  const along = dot(second, u);
  return [
    u,
    unit(
      second.map((value, i) => value - along * (u[i] ?? 0)),
      1,
    ),
  ];
}

const added = (axis: Float64Array, other: Float64Array): Float64Array =>
  axis.map((value, i) => value + AWAY * (other[i] ?? 0));

/** XᵀX·vector */
function timesScatter(centred: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length;
  const product = new Float64Array(width);
  for (let at = 0; at < centred.length; at += width) {
    let along = 0;
    for (let i = 0; i < width; i++) along += (centred[at + i] ?? 0) * (vector[i] ?? 0);
    for (let i = 0; i < width; i++) product[i] = (product[i] ?? 0) + along * (centred[at + i] ?? 0);
  }
  return product;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));
}

/** Zeros for what is nothing beside `scale`. */
function unit(vector: Float64Array, scale: number): Float64Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => (length > 1e-10 * scale ? value / length : 0));
}

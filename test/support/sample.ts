import { createRandom, shuffle } from '../../src/lab/random';

/**
 * Set by `npm test`: the seed by which matrices are sampled. Not there with --full, and where --grep names the tests,
 * so that each title of a matrix can be run.
 */
export const SEED_VARIABLE = 'DEEP_LEARNING_LAB_TEST_SEED';

type Axes = Readonly<Record<string, readonly unknown[]>>;
type Cell<A extends Axes> = { readonly [K in keyof A]: A[K][number] };

/**
 * The cells of a matrix that this run tests: all of them with --full, otherwise as many as its longest axis has values,
 * drawn so that every value of every axis occurs.
 *
 *     for (const { model, optimizer } of sample({ model: MODELS, optimizer: OPTIMIZERS })) it(…)
 */
export function sample<A extends Axes>(axes: A, seed = seedOfRun()): Cell<A>[] {
  if (seed === undefined) return product(axes);
  const random = createRandom(seed);
  const count = Object.values(axes).some(({ length }) => length === 0)
    ? 0
    : Math.max(...Object.values(axes).map(({ length }) => length));
  const columns = Object.entries(axes).map(([name, values]) => {
    const rounds = Array.from({ length: Math.ceil(count / values.length) }, () => shuffle(random, [...values]));
    return [name, rounds.flat()] as const;
  });
  const cells = Array.from({ length: count }, (_, i) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[i]])),
  );
  return cells as Cell<A>[];
}

function product<A extends Axes>(axes: A): Cell<A>[] {
  let cells: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(axes))
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })));
  return cells as Cell<A>[];
}

/** The seed that what is drawn follows from; undefined: nothing is drawn, all is run. */
export function seedOfRun(): number | undefined {
  const text = process.env[SEED_VARIABLE];
  return text === undefined ? undefined : Number(text);
}

/** `count` of the values, drawn by the seed; all of them with --full. */
export function some<T>(values: readonly T[], count: number, seed = seedOfRun()): T[] {
  return seed === undefined ? [...values] : shuffle(createRandom(seed), [...values]).slice(0, count);
}

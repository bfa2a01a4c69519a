/** Einsum: products of matrices wherever two terms meet, so that nothing larger than a term or a result is made. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend, type WasmBackend } from '../internals';
import { call, reshaped, scrapped, sizeOf, transpose, type Info, type Scrap } from './call';

interface Term {
  /** One letter an axis, each once. */
  readonly labels: string;
  readonly info: Info;
}

const letters = (labels: string): string[] => labels.split('');

export const einsum: tf.KernelConfig = {
  kernelName: tf.Einsum,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { equation } = attrs as unknown as { equation: string };
    const [left = '', output = ''] = equation.replaceAll(/\s/g, '').split('->');
    const names = left.split(',');
    // tfjs hands over the tensors as an array, or as an object with numbers for names.
    const tensors = Object.values(inputs) as Info[];
    check(equation, names, output, tensors);
    return scrapped(backend, (scrap) => {
      const terms = tensors.map((info, i) => diagonal(backend, scrap, names[i] ?? '', info));
      const product = terms.reduce((left, right, i) => {
        const later = output + names.slice(i + 1).join('');
        return multiply(backend, scrap, left, right, later);
      });
      const summed = sumOut(backend, scrap, product, output);
      const found = arranged(backend, scrap, summed, output);
      // The result is never an input itself.
      return tensors.includes(found) ? scrap.add(reshaped(backend, found, found.shape)) : found;
    });
  },
};

function check(equation: string, names: readonly string[], output: string, tensors: readonly Info[]): void {
  const fail = (reason: string): never => {
    throw new Error(`einsum ${equation}: ${reason}`);
  };
  if (!/^[a-zA-Z]*(,[a-zA-Z]*)*->[a-zA-Z]*$/.test(equation.replaceAll(/\s/g, '')))
    fail('terms of letters, commas between them, "->" and the letters of the result are needed');
  if (names.length !== tensors.length) fail(`${names.length} terms for ${tensors.length} tensors`);
  if (new Set(output).size !== output.length) fail('a letter of the result stands twice in it');
  const sides = new Map<string, number>();
  names.forEach((labels, i) => {
    const shape = tensors[i]?.shape ?? [];
    if (labels.length !== shape.length) fail(`"${labels}" names ${labels.length} axes of a shape of ${shape.length}`);
    letters(labels).forEach((label, axis) => {
      const side = shape[axis] ?? 0;
      const known = sides.get(label) ?? side;
      if (known !== side) fail(`${label} is ${known} and ${side}`);
      sides.set(label, side);
    });
  });
  for (const label of letters(output)) if (!sides.has(label)) fail(`${label} stands in no term`);
}

/** Where a letter stands twice in a term, the numbers at which both are the same. */
function diagonal(backend: WasmBackend, scrap: Scrap, labels: string, info: Info): Term {
  const own = [...new Set(labels)];
  if (own.length === labels.length) return { labels, info };
  const steps = strides(info.shape);
  const shape = own.map((label) => info.shape[labels.indexOf(label)] ?? 0);
  const step = own.map((label) =>
    letters(labels).reduce((sum, one, axis) => sum + (one === label ? (steps[axis] ?? 0) : 0), 0),
  );
  const made = scrap.add(backend.makeOutput(shape, info.dtype));
  const from = backend.typedArrayFromHeap(info);
  const to = backend.typedArrayFromHeap(made);
  let target = 0;
  const visit = (axis: number, source: number): void => {
    if (axis === shape.length) to[target++] = from[source] ?? 0;
    else for (let i = 0; i < (shape[axis] ?? 0); i++) visit(axis + 1, source + i * (step[axis] ?? 0));
  };
  visit(0, 0);
  return { labels: own.join(''), info: made };
}

/** One product of batches of matrices: what both have and is needed later, alone, or summed. */
function multiply(backend: WasmBackend, scrap: Scrap, a: Term, b: Term, later: string): Term {
  const left = sumOut(backend, scrap, a, b.labels + later);
  const right = sumOut(backend, scrap, b, a.labels + later);
  const shared = letters(left.labels).filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => later.includes(label)).join('');
  const inner = shared.filter((label) => !later.includes(label)).join('');
  const rows = letters(left.labels)
    .filter((label) => !shared.includes(label))
    .join('');
  const columns = letters(right.labels)
    .filter((label) => !shared.includes(label))
    .join('');
  const flat = (term: Term, one: string, two: string): Info => {
    const turned = arranged(backend, scrap, term, batch + one + two);
    const size = (labels: string): number => sizeOf(sides(term, labels));
    return { ...turned, shape: [size(batch), size(one), size(two)] };
  };
  const attributes = { transposeA: false, transposeB: false };
  const both = { a: flat(left, rows, inner), b: flat(right, inner, columns) };
  const product = scrap.add(call(backend, tf.BatchMatMul, both, attributes));
  const shape = [...sides(left, batch + rows), ...sides(right, columns)];
  return { labels: batch + rows + columns, info: scrap.add(reshaped(backend, product, shape)) };
}

/** Sums over the axes that nobody asks for. */
function sumOut(backend: WasmBackend, scrap: Scrap, term: Term, asked: string): Term {
  const axis = letters(term.labels).flatMap((label, i) => (asked.includes(label) ? [] : [i]));
  if (axis.length === 0) return term;
  const info = scrap.add(call(backend, tf.Sum, { x: term.info }, { axis, keepDims: false }));
  return {
    labels: letters(term.labels)
      .filter((label) => asked.includes(label))
      .join(''),
    info,
  };
}

/** The term with its axes in this order. */
function arranged(backend: WasmBackend, scrap: Scrap, { labels, info }: Term, order: string): Info {
  if (labels === order) return info;
  return scrap.add(
    transpose(
      backend,
      info,
      letters(order).map((label) => labels.indexOf(label)),
    ),
  );
}

function sides({ labels, info }: Term, wanted: string): number[] {
  return letters(wanted).map((label) => info.shape[labels.indexOf(label)] ?? 0);
}

function strides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

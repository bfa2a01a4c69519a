/**
 * BatchMatMul. tfjs hands XNNPACK only a single product of matrices as they lie; batches and transposed matrices go through
 * loops that are thirty times slower (measured: 512 x 512, 9 against 276 ms). Here they are transposed first, and each
 * product of a batch is one of XNNPACK's.
 */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend, type WasmBackend } from '../internals';
import { call, floats, scrapped, sizeOf, transpose, type Info } from './call';
import { wholeMatMul } from './types';

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Multiplications below which tfjs's loops are through before XNNPACK has begun. */
const SMALL = 8192;

export function matMul(plain: tf.KernelFunc): tf.KernelConfig {
  return {
    kernelName: tf.BatchMatMul,
    backendName: 'wasm',
    kernelFunc: (given) => {
      const backend = wasmBackend(given.backend);
      const { a, b } = given.inputs as { a: Info; b: Info };
      const { transposeA, transposeB } = given.attrs as unknown as Attributes;
      const batchA = sizeOf(a.shape.slice(0, -2));
      const batchB = sizeOf(b.shape.slice(0, -2));
      const isPlain = !transposeA && !transposeB && batchA === 1 && batchB === 1;
      const [rows, inner] = lastTwo(a, transposeA);
      const [innerB, columns] = lastTwo(b, transposeB);
      const isEmpty = sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0;
      if (a.dtype !== 'float32' && b.dtype !== 'float32') return wholeMatMul(backend, a, b, transposeA, transposeB);
      const isMixed = a.dtype !== 'float32' || b.dtype !== 'float32' || inner !== innerB;
      if (isPlain || isEmpty || isMixed || rows * inner * columns < SMALL) return plain(given);
      const isSingle = batchA === 1 && batchB === 1;
      if (transposeB && isSingle && turnedCost(rows, inner, columns) < 2 * inner * columns)
        return turned(backend, a, b, transposeA);
      return scrapped(backend, (scrap) => {
        const left = transposeA ? scrap.add(lastSwapped(backend, a)) : a;
        const right = transposeB ? scrap.add(lastSwapped(backend, b)) : b;
        const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
        const made = floats(backend, [...outer, rows, columns], false);
        const places = (info: Info): Int32Array => batches(info.shape.slice(0, -2), outer);
        new Products(backend, rows, inner, columns).run(left, places(a), right, places(b), made);
        return scrap.add(made);
      });
    },
  };
}

/** Numbers that are moved around a product when it is turned; otherwise the right matrix is, twice: transposed and packed. */
const turnedCost = (rows: number, inner: number, columns: number): number => 2 * rows * inner + rows * columns;

/** a·bᵀ as (b·aᵀ)ᵀ: what is moved are the few rows of a, not b, in a language model the whole of its weights. */
function turned(backend: WasmBackend, a: Info, b: Info, transposeA: boolean): Info {
  return scrapped(backend, (scrap) => {
    const flat = (info: Info): Info => ({ ...info, shape: info.shape.slice(-2) });
    const right = transposeA ? flat(a) : scrap.add(lastSwapped(backend, flat(a)));
    const asTheyLie = { transposeA: false, transposeB: false };
    const [rows] = lastTwo(a, transposeA);
    const [columns] = lastTwo(b, false);
    const both = { a: { ...b, shape: [1, ...b.shape.slice(-2)] }, b: { ...right, shape: [1, ...right.shape] } };
    const product = scrap.add(call(backend, tf.BatchMatMul, both, asTheyLie));
    const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const made = lastSwapped(backend, { ...product, shape: [columns, rows] });
    return { ...made, shape: [...outer, rows, columns] };
  });
}

function lastTwo({ shape }: Info, isTransposed: boolean): [number, number] {
  const [height = 1, width = 1] = shape.slice(-2);
  return isTransposed ? [width, height] : [height, width];
}

function lastSwapped(backend: WasmBackend, x: Info): Info {
  const [height, width] = lastTwo(x, false);
  const outer = x.shape.slice(0, -2);
  const turned = transpose(backend, { ...x, shape: [sizeOf(outer), height, width] }, [0, 2, 1]);
  return { ...turned, shape: [...outer, width, height] };
}

/** For each matrix of the result, which one of these it is made from. */
function batches(own: readonly number[], result: readonly number[]): Int32Array {
  const all = new Int32Array(sizeOf(result));
  const missing = result.length - own.length;
  const steps = result.map((_, axis) => {
    const side = own[axis - missing] ?? 1;
    return side === 1 ? 0 : sizeOf(own.slice(axis - missing + 1));
  });
  for (let i = 0; i < all.length; i++) {
    let rest = i;
    let place = 0;
    for (let axis = result.length - 1; axis >= 0; axis--) {
      const side = result[axis] ?? 1;
      place += (rest % side) * (steps[axis] ?? 0);
      rest = Math.floor(rest / side);
    }
    all[i] = place;
  }
  return all;
}

/** Products [rows, inner]·[inner, columns] of matrices that lie in larger tensors. */
class Products {
  private readonly shapes: number;

  constructor(
    private readonly backend: WasmBackend,
    private readonly rows: number,
    private readonly inner: number,
    private readonly columns: number,
  ) {
    this.shapes = scratch(backend);
    const place = new Int32Array(backend.wasm.HEAPU8.buffer, this.shapes, 6);
    place.set([1, rows, inner, 1, inner, columns]);
  }

  run(a: Info, placesA: Int32Array, b: Info, placesB: Int32Array, out: Info): void {
    const { rows, inner, columns } = this;
    // XNNPACK packs the right matrix; of one that is used several times in a row, once.
    let right = -1;
    let rightId = 0;
    for (let i = 0; i < placesA.length; i++) {
      const place = placesB[i] ?? 0;
      if (place !== right) {
        this.forget(rightId);
        rightId = this.part(b, place, inner * columns);
        right = place;
      }
      const leftId = this.part(a, placesA[i] ?? 0, rows * inner);
      const outId = this.part(out, i, rows * columns);
      this.backend.wasm._BatchMatMul(leftId, this.shapes, 3, rightId, this.shapes + 12, 3, 0, 0, outId);
      this.forget(leftId);
      this.forget(outId);
    }
    this.forget(rightId);
  }

  /** A matrix as a tensor of its own for C++. */
  private part(whole: Info, place: number, size: number): number {
    const { backend } = this;
    const id = backend.dataIdNextNumber++;
    const { memoryOffset } = backend.dataIdMap.get(whole.dataId);
    backend.wasm.tfjs?.registerTensor(id, size, memoryOffset + 4 * place * size);
    return id;
  }

  private forget(id: number): void {
    if (id !== 0) this.backend.wasm.tfjs?.disposeData(id);
  }
}

const scratches = new WeakMap<object, number>();

/** Where the shapes of two matrices lie in the module's memory. */
function scratch({ wasm }: WasmBackend): number {
  const known = scratches.get(wasm);
  if (known !== undefined) return known;
  const place = wasm._malloc(24) >>> 0;
  scratches.set(wasm, place);
  return place;
}

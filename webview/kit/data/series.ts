/**
 * The points of one run as the page keeps them, in columns, one table for steps and one for epochs: all of them up to
 * MOST_KEPT, of a longer run those that its curves need, so that a page needs no more memory for a run of any length.
 */
import type { Columns } from '../../../src/protocol/panel';
import { seriesParts } from '../../../src/protocol/run';
import { Column } from './column';
import { Pyramid } from './pyramid';
import { Smoothing } from './smoothing';
import { thin } from './thinning';

export type Axis = 'step' | 'epoch' | 'time';
export const AXES: readonly Axis[] = ['step', 'epoch', 'time'];

/** Points of a table. A chart has at most a thousand columns of pixels. */
const MOST_KEPT = 1 << 16;

/** A curve with what is needed to draw it fast and to speak of it. */
export interface Curve {
  readonly values: Column;
  readonly pyramid: Pyramid;
  /** Of a table that was thinned: the mean of the points since the one before, which the value stands for. */
  readonly means: Column;
}

/** One metric of a table. */
export class Metric implements Curve {
  readonly values = new Column();
  readonly means = new Column();
  readonly pyramid = new Pyramid(this.values);
  readonly #counted: Column;
  #smooth: { readonly smoothing: Smoothing; readonly pyramid: Pyramid } | undefined;

  /** Indices of the first and of the newest finite value, -1 when there is none. */
  first = -1;
  last = -1;

  constructor(counted: Column) {
    this.#counted = counted;
  }

  get bytes(): number {
    const smooth = this.#smooth === undefined ? 0 : this.#smooth.smoothing.values.bytes + this.#smooth.pyramid.bytes;
    return this.values.bytes + this.means.bytes + this.pyramid.bytes + smooth;
  }

  append(values: Float64Array): void {
    const from = this.values.length;
    this.values.append(values);
    this.means.append(values);
    this.#update(from);
  }

  /** Appends `count` missing values. */
  skip(count: number): void {
    const from = this.values.length;
    this.values.skip(count);
    this.means.skip(count);
    this.#update(from);
  }

  #update(from: number): void {
    this.pyramid.update();
    this.#smooth?.smoothing.update();
    this.#smooth?.pyramid.update();
    for (let i = from; i < this.values.length; i++) {
      if (!Number.isFinite(this.values.at(i))) continue;
      if (this.first < 0) this.first = i;
      this.last = i;
    }
  }

  /** Keeps these rows alone, `first` and `last` among them. To be called before the table has forgotten the others. */
  keep(rows: Uint32Array): void {
    const counted = this.#counted.flat();
    const each = this.means.flat();
    const means = new Float64Array(rows.length);
    let row = 0;
    let before = 0;
    for (let i = 0; i < means.length; i++) {
      const kept = rows[i] ?? NaN;
      let sum = 0;
      let points = 0;
      for (; row <= kept; row++) {
        const upTo = counted[row] ?? NaN;
        const mean = each[row] ?? NaN;
        if (Number.isFinite(mean)) {
          sum += mean * (upTo - before);
          points += upTo - before;
        }
        before = upTo;
      }
      means[i] = sum / points;
    }
    this.first = rows.indexOf(this.first);
    this.last = rows.indexOf(this.last);
    this.values.keep(rows);
    this.means.clear();
    this.means.append(means);
    this.pyramid.rebuild();
  }

  /** To be called when the table has thinned its own columns, too. */
  smoothAgain(): void {
    this.#smooth?.smoothing.restart();
    this.#smooth?.pyramid.rebuild();
  }

  /** The series smoothed with `weight`. Only the newest weight is kept; another one is computed afresh. */
  smooth(weight: number): Curve {
    if (weight <= 0) return this;
    if (this.#smooth?.smoothing.weight !== weight) {
      const smoothing = new Smoothing({ values: this.values, means: this.means, counted: this.#counted }, weight);
      smoothing.update();
      const pyramid = new Pyramid(smoothing.values);
      pyramid.update();
      this.#smooth = { smoothing, pyramid };
    }
    const { smoothing, pyramid } = this.#smooth;
    return { values: smoothing.values, pyramid, means: smoothing.values };
  }
}

/** Points of one kind. All columns have the same length; NaN is a value that a point does not have. */
export class Table {
  readonly x: Readonly<Record<Axis, Column>> = { step: new Column(), epoch: new Column(), time: new Column() };
  /** How many points of the run there are up to each one that is kept, with it. */
  readonly counted = new Column();
  readonly metrics = new Map<string, Metric>();
  /** Points of the run that were thinned together. */
  #span = 1;

  /** Points that are kept. */
  get length(): number {
    return this.x.step.length;
  }

  /** Points of the run. */
  get points(): number {
    return this.length === 0 ? 0 : this.counted.at(this.length - 1);
  }

  get bytes(): number {
    let sum = AXES.reduce((total, axis) => total + this.x[axis].bytes, this.counted.bytes);
    for (const metric of this.metrics.values()) sum += metric.bytes;
    return sum;
  }

  /** Appends the points [from, to) of `columns`, without those that are known already: steps only rise in a run. */
  append(columns: Columns, from: number, to: number): void {
    const newest = this.length === 0 ? -Infinity : this.x.step.at(this.length - 1);
    while (from < to && (columns.step[from] ?? NaN) <= newest) from++;
    if (from >= to) return;
    for (const name of Object.keys(columns.values)) {
      if (this.metrics.has(name)) continue;
      const metric = new Metric(this.counted);
      metric.skip(this.length);
      this.metrics.set(name, metric);
    }
    // Each series can ask for four points to be kept, and half of what there was has to be let go.
    const most = Math.max(MOST_KEPT, 16 * this.metrics.size);
    // Cut where the table is full: what it keeps does not depend on how the points came.
    for (let end = from; from < to; from = end) {
      end = Math.min(to, from + most - this.length);
      this.#take(columns, from, end);
      if (this.length === most) this.#thin(most / 2);
    }
  }

  #take(columns: Columns, from: number, to: number): void {
    for (let point = this.points + 1, i = from; i < to; i++) this.counted.push(point++);
    for (const axis of AXES) this.x[axis].append(columns[axis].subarray(from, to));
    for (const [name, metric] of this.metrics) {
      const values = columns.values[name];
      if (values === undefined) metric.skip(to - from);
      else metric.append(values.subarray(from, to));
    }
  }

  #thin(most: number): void {
    const metrics = [...this.metrics.values()];
    const { rows, span } = thin(this.counted, metrics, this.#span, most);
    this.#span = span;
    for (const metric of metrics) metric.keep(rows);
    for (const axis of AXES) this.x[axis].keep(rows);
    this.counted.keep(rows);
    for (const metric of metrics) metric.smoothAgain();
  }
}

export class RunSeries {
  readonly step = new Table();
  readonly epoch = new Table();

  /** Points of the run. */
  get points(): number {
    return this.step.points + this.epoch.points;
  }

  get bytes(): number {
    return this.step.bytes + this.epoch.bytes;
  }

  /** Metrics, in the order in which they came; the learning rate only once it has changed. */
  metricNames(): readonly string[] {
    const names = [...this.step.metrics.keys(), ...this.epoch.metrics.keys()];
    const rate = this.step.metrics.get(LEARNING_RATE);
    const constant = rate === undefined || isConstant(rate);
    return [...new Set(names.map((name) => seriesParts(name).metric))].filter(
      (name) => name !== LEARNING_RATE || !constant,
    );
  }
}

/** The column that every run has beside its metrics. */
export const LEARNING_RATE = 'learningRate';

function isConstant({ values, pyramid }: Metric): boolean {
  const { minimum, maximum } = pyramid.extremes(0, values.length);
  return minimum < 0 || values.at(minimum) === values.at(maximum);
}

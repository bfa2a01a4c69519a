/** The points of one run as the page keeps them: whole, in columns, one table for steps and one for epochs. */
import type { Columns } from '../../../src/protocol/panel';
import { seriesParts } from '../../../src/protocol/run';
import { Column } from './column';
import { Pyramid } from './pyramid';
import { Smoothing } from './smoothing';

export type Axis = 'step' | 'epoch' | 'time';
export const AXES: readonly Axis[] = ['step', 'epoch', 'time'];

/** One metric of a table, with what is needed to draw it fast. */
export class Metric {
  readonly values = new Column();
  readonly pyramid = new Pyramid(this.values);
  #smooth: { readonly smoothing: Smoothing; readonly pyramid: Pyramid } | undefined;

  /** Index of the newest finite value, -1 when there is none. */
  last = -1;

  update(): void {
    this.pyramid.update();
    this.#smooth?.smoothing.update();
    this.#smooth?.pyramid.update();
    for (let i = this.values.length - 1; i > this.last; i--) {
      if (Number.isFinite(this.values.at(i))) this.last = i;
    }
  }

  /** The series smoothed with `weight`. Only the newest weight is kept; another one is computed afresh. */
  smooth(weight: number): { readonly values: Column; readonly pyramid: Pyramid } {
    if (weight <= 0) return { values: this.values, pyramid: this.pyramid };
    if (this.#smooth?.smoothing.weight !== weight) {
      const smoothing = new Smoothing(this.values, weight);
      smoothing.update();
      const pyramid = new Pyramid(smoothing.values);
      pyramid.update();
      this.#smooth = { smoothing, pyramid };
    }
    return { values: this.#smooth.smoothing.values, pyramid: this.#smooth.pyramid };
  }
}

/** Points of one kind. All columns have the same length; NaN is a value that a point does not have. */
export class Table {
  readonly x: Readonly<Record<Axis, Column>> = { step: new Column(), epoch: new Column(), time: new Column() };
  readonly metrics = new Map<string, Metric>();

  get length(): number {
    return this.x.step.length;
  }

  get bytes(): number {
    let sum = AXES.reduce((total, axis) => total + this.x[axis].bytes, 0);
    for (const metric of this.metrics.values()) sum += metric.values.bytes + metric.pyramid.bytes;
    return sum;
  }

  /** Appends the points [from, to) of `columns`, without those that are known already: steps only rise in a run. */
  append(columns: Columns, from: number, to: number): void {
    const newest = this.length === 0 ? -Infinity : this.x.step.at(this.length - 1);
    while (from < to && (columns.step[from] ?? NaN) <= newest) from++;
    if (from >= to) return;
    const before = this.length;
    for (const axis of AXES) this.x[axis].append(columns[axis].subarray(from, to));
    for (const name of Object.keys(columns.values)) {
      if (this.metrics.has(name)) continue;
      const metric = new Metric();
      metric.values.skip(before);
      this.metrics.set(name, metric);
    }
    for (const [name, metric] of this.metrics) {
      const values = columns.values[name];
      if (values === undefined) metric.values.skip(to - from);
      else metric.values.append(values.subarray(from, to));
      metric.update();
    }
  }
}

export class RunSeries {
  readonly step = new Table();
  readonly epoch = new Table();

  get points(): number {
    return this.step.length + this.epoch.length;
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

/** Turns recorded operations into the nodes of a walkthrough: what was computed, from what, and what it is called. */
import type * as tf from '@tensorflow/tfjs';
import type { WalkNode } from '../../protocol/pictures';
import { sample, strongest, numbersOf, type Numbers } from './samples';
import type { Station } from './station';
import { symbolsOf } from './symbols';
import { isCopy, type Operation } from './tape';

export interface Sources {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly parameters: Readonly<Record<string, tf.Tensor>>;
}

export class Walk {
  private readonly stations = new Map<number, Station>();
  /** Stations in the order of computing. */
  private readonly order: Station[] = [];

  constructor({ x, y, parameters }: Sources) {
    this.leaf('input', x);
    this.leaf('target', y);
    for (const [name, tensor] of Object.entries(parameters)) this.leaf('parameter', tensor, name);
  }

  /** Operations that depend on the example or the parameters. */
  get length(): number {
    return this.order.length;
  }

  /** To be called while the operation's tensors are alive. */
  note(operation: Operation): void {
    const { kernel, inputs, outputs, attributes } = operation;
    const from = Object.values(inputs).map((tensor) => this.station(tensor));
    for (const output of outputs) {
      const [first] = from;
      if (first !== undefined && isCopy(operation)) {
        this.stations.set(output.id, first);
        continue;
      }
      // What constants alone determine is a constant.
      if (from.every(({ kind }) => kind === 'constant')) {
        this.leaf('constant', output);
        continue;
      }
      const station: Station = {
        kind: 'operation',
        id: output.id,
        shape: output.shape,
        values: numbersOf(output),
        operation: { kernel, inputs: from, attributes },
      };
      this.stations.set(output.id, station);
      this.order.push(station);
    }
  }

  /** The station of a tensor; one that nobody made is a constant. */
  station(tensor: tf.Tensor): Station {
    return this.stations.get(tensor.id) ?? this.leaf('constant', tensor);
  }

  /**
   * What leads to the output and the loss, in order.
   * @param ends as far as the walk went
   * @param gradients by the id of the station
   */
  nodes(
    ends: { readonly output: Station | undefined; readonly loss: Station | undefined },
    gradients: ReadonlyMap<number, Numbers>,
    own: ReadonlyMap<number, Numbers>,
  ): WalkNode[] {
    const stations = this.inOrder(ends);
    const places = new Map(stations.map((station, place) => [station, place]));
    const symbols = symbolsOf(stations, ends.loss);
    return stations.map((station, id) => {
      const { kind, shape, values, operation } = station;
      const gradient = gradients.get(station.id);
      const ownGradient = own.get(station.id);
      const picked = strongest([gradient, ownGradient].find((found) => found?.some((value) => value !== 0)) ?? values);
      return {
        id,
        kind,
        ...(station === ends.loss ? { role: 'loss' } : station === ends.output ? { role: 'output' } : {}),
        symbol: symbols[id] ?? { base: '?' },
        ...(operation === undefined
          ? {}
          : {
              operation: {
                kernel: operation.kernel,
                inputs: operation.inputs.map((input) => places.get(input) ?? 0),
                attributes: plain(operation.attributes),
              },
            }),
        shape,
        picked,
        value: sample(values, picked),
        ...(gradient === undefined ? {} : { gradient: sample(gradient, picked) }),
        ...(ownGradient === undefined
          ? {}
          : {
              own: {
                gradient: sample(ownGradient, picked),
                difference: gradient === undefined ? null : relativeDifference(ownGradient, gradient),
              },
            }),
      };
    });
  }

  private inOrder({ output, loss }: Parameters<Walk['nodes']>[0]): Station[] {
    const ends = [output, loss].filter((end) => end !== undefined);
    // Without a loss the walk broke off: everything up to there belongs to it.
    const needed = new Set(loss === undefined ? [...this.order, ...ends] : ends);
    for (const station of needed) for (const input of station.operation?.inputs ?? []) needed.add(input);
    const placed = new Set<Station>();
    for (const station of this.order) {
      if (!needed.has(station)) continue;
      for (const input of station.operation?.inputs ?? []) placed.add(input);
      placed.add(station);
    }
    for (const end of ends) placed.add(end);
    return [...placed];
  }

  private leaf(kind: WalkNode['kind'], tensor: tf.Tensor, name?: string): Station {
    const { id, shape } = tensor;
    const station: Station = { kind, id, shape, values: numbersOf(tensor), ...(name === undefined ? {} : { name }) };
    this.stations.set(id, station);
    return station;
  }
}

/** Largest difference over the largest element; null where that is no finite number. */
function relativeDifference(found: Numbers, expected: Numbers): number | null {
  let difference = 0;
  let largest = 0;
  expected.forEach((value, index) => {
    difference = Math.max(difference, Math.abs((found[index] ?? Number.NaN) - value));
    largest = Math.max(largest, Math.abs(value));
  });
  const ratio = difference === 0 ? 0 : difference / largest;
  return Number.isFinite(ratio) ? ratio : null;
}

function plain(attributes: Readonly<Record<string, unknown>>): NonNullable<WalkNode['operation']>['attributes'] {
  const kept: Record<string, number | boolean | string | readonly number[]> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') kept[name] = value;
    else if (Array.isArray(value) && value.every((item) => typeof item === 'number')) kept[name] = value;
  }
  return kept;
}

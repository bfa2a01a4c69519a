import type { SourceLocation } from '../../protocol/errors';
import { tf } from '../../lab';
import { trust } from './effects/hosts';
import type { Places } from './places';

type Layer = tf.layers.Layer;

export interface LayerPlace {
  readonly name: string;
  /** The class as tfjs names it, e.g. "Conv2D". */
  readonly type: string;
  /** The call that made the layer, e.g. tf.layers.dense(…). */
  readonly location: SourceLocation;
  /** That call, then the calls of the learner's functions around it, innermost first. */
  readonly trace: readonly SourceLocation[];
}

export interface LayerCall {
  /** As the learner wrote it: "dense" of tf.layers.dense. */
  readonly name: string;
  readonly given: unknown;
}

/** The layer that was at work when an error was thrown, and the shapes that had reached it. */
export interface Failure {
  readonly layer: Layer;
  readonly inputs: readonly Input[];
}

export interface Input {
  readonly shape: readonly (number | null)[];
  /** The layer that made this input; absent for real tensors. */
  readonly from?: Layer;
}

/**
 * Remembers which source line created which layer. The model file is served a `tf` whose layer functions report here;
 * tfjs itself stays as it is.
 */
export class LayerPlaces {
  private readonly places = new WeakMap<Layer, LayerPlace>();
  /** Apart from the places, which outlive their layers: what a call was given may lead to layers. */
  private readonly calls = new WeakMap<Layer, LayerCall>();
  private readonly byName = new Map<string, LayerPlace>();
  private readonly failures = new WeakMap<Error, Failure>();
  private readonly made = new Map<string, WeakRef<Layer>>();
  private lastAtWork: WeakRef<Layer> | undefined;
  private failed: (LayerCall & { readonly trace: readonly SourceLocation[] }) | undefined;

  constructor(private readonly source: Places) {}

  /** A `tf` to serve to the model file: the same, but for its ways to make a layer. */
  readonly tf = this.observed();

  of(layer: Layer): LayerPlace | undefined {
    return this.places.get(layer);
  }

  /** The newest layer of that name. */
  named(name: string): LayerPlace | undefined {
    return this.byName.get(name);
  }

  /** Every layer made so far, in order; of layers with one name, the newest. */
  all(): LayerPlace[] {
    return [...this.byName.values()];
  }

  /**
   * Every layer that is still in use by someone, in the order they were made; of those with one name, the newest. The call
   * is absent for a class of the learner's.
   */
  existing(): { readonly layer: Layer; readonly place: LayerPlace; readonly call: LayerCall | undefined }[] {
    return [...this.made.values()].flatMap((reference) => {
      const layer = reference.deref();
      const place = layer && this.places.get(layer);
      return layer === undefined || place === undefined ? [] : [{ layer, place, call: this.calls.get(layer) }];
    });
  }

  /** The last call that threw instead of making a layer. */
  failedCall(): typeof this.failed {
    return this.failed;
  }

  failureOf(error: Error): Failure | undefined {
    return this.failures.get(error);
  }

  /** The layer that was applied last: after a forward pass, the model's output layer. */
  last(): LayerPlace | undefined {
    const layer = this.lastAtWork?.deref();
    return layer === undefined ? undefined : this.places.get(layer);
  }

  private observed(): typeof tf {
    const wrapped: Readonly<Record<string, unknown>> = {
      layers: this.withReports(tf.layers),
      sequential: this.reporting('sequential', tf.sequential),
      model: this.reporting('model', tf.model),
      input: this.reporting('input', tf.input),
    };
    return asModule(tf, wrapped) as typeof tf;
  }

  private withReports(layers: typeof tf.layers): object {
    const changed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(layers) as [string, unknown][]) {
      if (isLayerClass(value)) changed[name] = this.reportingClass(value);
      else if (typeof value === 'function')
        changed[name] = this.reporting(name, value as (...args: never[]) => unknown);
    }
    return asModule(layers, changed);
  }

  /** A function that makes a layer, a model or a symbolic input. */
  private reporting<Args extends never[]>(name: string, make: (...args: Args) => unknown): (...args: Args) => unknown {
    const report = (...args: Args): unknown => {
      const call = { name, given: args[0] };
      try {
        const made = make(...args);
        if (made instanceof tf.layers.Layer) this.record(made, [], call);
        else if (made instanceof tf.SymbolicTensor) this.record(made.sourceLayer, [], call);
        return made;
      } catch (error) {
        this.failed = { ...call, trace: this.source.here() };
        throw error;
      }
    };
    return Object.defineProperty(report, 'name', { value: make.name });
  }

  /** A class that learners extend: reports when the base constructor has run. */
  private reportingClass(base: typeof tf.layers.Layer): typeof tf.layers.Layer {
    return new Proxy(base, {
      construct: (target, args, newTarget) => {
        const made: unknown = Reflect.construct(target, args, newTarget);
        if (made instanceof tf.layers.Layer) this.record(made, constructorsOf(newTarget, base));
        return made as Layer;
      },
    });
  }

  private record(layer: Layer, constructors: readonly string[] = [], call?: LayerCall): void {
    const trace = this.source.here(constructors);
    const [location] = trace;
    if (location === undefined) return;
    if (!this.places.has(layer)) this.watch(layer);
    const { name } = layer;
    const type = layer.getClassName();
    const place = { name, type, location, trace };
    this.places.set(layer, place);
    if (call !== undefined) this.calls.set(layer, call);
    this.byName.delete(name);
    this.byName.set(name, place);
    this.made.delete(name);
    this.made.set(name, new WeakRef(layer));
  }

  /** Messages of tfjs often leave out which layer they are about. */
  private watch(layer: Layer): void {
    const apply = layer.apply.bind(layer);
    layer.apply = trust((inputs: Parameters<typeof apply>[0], kwargs: Parameters<typeof apply>[1]) => {
      try {
        const outputs = apply(inputs, kwargs);
        refuseEmpty(outputs, layer);
        // A model is a layer too, and ends after its last one.
        if (!(layer instanceof tf.LayersModel)) this.lastAtWork = new WeakRef(layer);
        return outputs;
      } catch (error) {
        if (error instanceof Error && !this.failures.has(error)) {
          this.failures.set(error, { layer, inputs: inputsOf(inputs) });
        }
        throw error;
      }
    });
  }
}

/** The learner's classes whose constructors run for one `new`, from the derived one to that which extends `base`. */
function constructorsOf(derived: unknown, base: unknown): string[] {
  const names: string[] = [];
  for (let type = derived; typeof type === 'function' && type !== base; type = Object.getPrototypeOf(type) as unknown) {
    names.push(type.name);
  }
  return names;
}

/** tfjs lets a window take the last pixel away, and fails only when numbers flow, or not at all. */
function refuseEmpty(outputs: unknown, layer: Layer): void {
  const list: readonly unknown[] = Array.isArray(outputs) ? outputs : [outputs];
  for (const output of list) {
    if (!(output instanceof tf.SymbolicTensor) || !output.shape.some((size) => size !== null && size <= 0)) continue;
    const reached = output.inputs.map(({ shape }) => `[${shape.join(',')}]`).join(', ');
    throw new Error(`Negative dimension size caused by adding layer ${layer.name} with input shape ${reached}`);
  }
}

/** An object that answers as `original` does, except for the `changed` members. */
function asModule(original: object, changed: Readonly<Record<string, unknown>>): object {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(original)) {
    const get = (): unknown => (Object.hasOwn(changed, name) ? changed[name] : Reflect.get(original, name));
    Object.defineProperty(copy, name, { get, enumerable: true });
  }
  return Object.defineProperty(copy, '__esModule', { value: true });
}

function isLayerClass(value: unknown): value is typeof tf.layers.Layer {
  if (typeof value !== 'function') return false;
  return value === tf.layers.Layer || value.prototype instanceof tf.layers.Layer;
}

function inputsOf(inputs: unknown): Input[] {
  const list: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  return list.flatMap((input): Input[] => {
    if (input instanceof tf.SymbolicTensor) return [{ shape: input.shape, from: input.sourceLayer }];
    return input instanceof tf.Tensor ? [{ shape: input.shape as number[] }] : [];
  });
}

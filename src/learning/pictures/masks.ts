/**
 * Finds dropout in a forward pass, whoever wrote it: a product of something that depends on the example with a tensor
 * that does not, that holds only zeros and one other number, and that is another one in each pass.
 */
import type * as tf from '@tensorflow/tfjs';
import { numbersOf, type Numbers } from './samples';
import { isCopy, record, type Operation } from './tape';

/** What one operation multiplies with a possible mask, in one pass. */
export interface Masking {
  /** Place among all operations of the pass: the same in each. */
  readonly position: number;
  readonly kept: readonly boolean[];
  /** What is kept is multiplied by this, 0 where all is dropped. */
  scale: number;
  /** What flows on, scaled. */
  output: Numbers;
  /** Where the masked activation comes from; the second one if a scaling in between is the dropout's. */
  readonly sources: readonly { readonly source: string; readonly factor: number }[];
}

export interface Pass {
  readonly maskings: readonly Masking[];
  /** The activations that were asked for, by their source. */
  readonly activations: ReadonlyMap<string, Numbers>;
}

interface Produced {
  readonly source: string;
  /** Where this is another activation times one number. */
  readonly scaled?: { readonly from: string; readonly factor: number };
}

/** These look at the shape of their input only. */
const SHAPE_ONLY: ReadonlySet<string> = new Set(['ZerosLike', 'OnesLike']);

/**
 * Runs one pass and finds what may be dropout in it.
 * @param wanted sources of the activations to return
 */
export function runPass(x: tf.Tensor, forward: () => unknown, wanted: ReadonlySet<string> = new Set()): Pass {
  const observer = new PassObserver(x, wanted);
  return record(
    forward,
    (operation) => {
      observer.note(operation);
    },
    () => observer,
  );
}

class PassObserver implements Pass {
  readonly maskings: Masking[] = [];
  readonly activations = new Map<string, Numbers>();
  private position = -1;
  /** What depends on the example, by tensor. */
  private readonly produced = new Map<number, Produced>();
  /** The masking whose result a tensor is. */
  private readonly masked = new Map<number, Masking>();
  private readonly counts = new Map<string, number>();

  constructor(
    x: tf.Tensor,
    private readonly wanted: ReadonlySet<string>,
  ) {
    this.produced.set(x.id, { source: 'x' });
    if (wanted.has('x')) this.activations.set('x', numbersOf(x));
  }

  note(operation: Operation): void {
    this.position++;
    const { kernel, outputs } = operation;
    const [output] = outputs;
    const inputs = Object.values(operation.inputs);
    const activations = inputs.filter(({ id }) => this.produced.has(id));
    if (output === undefined || activations.length === 0 || SHAPE_ONLY.has(kernel)) return;
    const [activation] = activations;
    const factor = scalarFactor(operation, activation);
    const masked = activation && this.masked.get(activation.id);
    if (masked !== undefined && (factor !== undefined || isCopy(operation))) {
      // The dropout's own scaling, after the mask.
      masked.scale *= factor ?? 1;
      masked.output = numbersOf(output);
      this.follow(output, masked);
      return;
    }
    const before = activation && this.produced.get(activation.id);
    if (before !== undefined && isCopy(operation)) {
      this.produced.set(output.id, before);
      return;
    }
    const masking = this.masking(operation);
    if (masking === undefined) {
      for (const made of outputs) this.produce(kernel, made, activation, factor);
      return;
    }
    this.maskings.push(masking);
    this.follow(output, masking);
  }

  private follow(output: tf.Tensor, masking: Masking): void {
    this.masked.set(output.id, masking);
    this.produced.set(output.id, { source: `masked ${masking.position}` });
  }

  /** An activation's source is the kind of its operation and how many of that kind came before. */
  private produce(kernel: string, output: tf.Tensor, from: tf.Tensor | undefined, factor: number | undefined): void {
    const kind = `${kernel} [${output.shape.join(', ')}]`;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const source = `${kind} ${count}`;
    const before = from && this.produced.get(from.id)?.source;
    const isScaled = before !== undefined && factor !== undefined;
    this.produced.set(output.id, { source, ...(isScaled ? { scaled: { from: before, factor } } : {}) });
    if (this.wanted.has(source)) this.activations.set(source, numbersOf(output));
  }

  private masking({ kernel, inputs, outputs }: Operation): Masking | undefined {
    const found = kernel === 'Multiply' ? this.factors(inputs) : kernel === 'Select' ? this.choices(inputs) : undefined;
    const [output] = outputs;
    const produced = found && this.produced.get(found.activation.id);
    if (found === undefined || produced === undefined || output === undefined || found.mask.length < 2)
      return undefined;
    const scale = found.mask.find((value) => value !== 0) ?? 0;
    if (found.mask.some((value) => value !== 0 && value !== scale)) return undefined;
    const { source, scaled } = produced;
    return {
      position: this.position,
      kept: Array.from(found.mask, (value) => value !== 0),
      scale,
      output: numbersOf(output),
      sources: [
        { source, factor: 1 },
        ...(scaled === undefined ? [] : [{ source: scaled.from, factor: scaled.factor }]),
      ],
    };
  }

  private factors({ a, b }: Operation['inputs']): { activation: tf.Tensor; mask: Numbers } | undefined {
    if (a === undefined || b === undefined) return undefined;
    if (this.produced.has(a.id) === this.produced.has(b.id)) return undefined;
    const [activation, mask] = this.produced.has(a.id) ? [a, b] : [b, a];
    return { activation, mask: numbersOf(mask) };
  }

  /** tf.where(condition, t, e): one of the two is the activation, the other is zero. */
  private choices({ condition, t, e }: Operation['inputs']): { activation: tf.Tensor; mask: Numbers } | undefined {
    if (condition === undefined || t === undefined || e === undefined) return undefined;
    if (this.produced.has(condition.id) || this.produced.has(t.id) === this.produced.has(e.id)) return undefined;
    const [activation, other] = this.produced.has(t.id) ? [t, e] : [e, t];
    if (numbersOf(other).some((value) => value !== 0)) return undefined;
    const chosen = numbersOf(condition);
    return { activation, mask: activation === t ? chosen : chosen.map((value) => 1 - value) };
  }
}

/** The number by which the operation multiplies the activation, if it does that and nothing else. */
function scalarFactor({ kernel, inputs }: Operation, activation: tf.Tensor | undefined): number | undefined {
  const { a, b } = inputs;
  if (a === undefined || b === undefined || activation === undefined) return undefined;
  const other = a === activation ? b : a;
  if (other.size !== 1 || other === activation) return undefined;
  const value = numbersOf(other)[0] ?? Number.NaN;
  if (kernel === 'Multiply') return value;
  return kernel === 'RealDiv' && a === activation ? 1 / value : undefined;
}

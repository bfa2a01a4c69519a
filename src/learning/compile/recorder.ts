/** What is known of a step while it is recorded: who made which tensor, and why it cannot be compiled, if so. */
import type * as tf from '@tensorflow/tfjs';
import { Draws, type DrawKeys } from './draws';
import type { Patches } from './patch';
import type { DrawSource } from './randomness';
import { engine, type TensorMetadata } from '../engine/tfjs';
import { located, refusal, type Refusal } from './reasons';
import type { SourceLocation } from '../../protocol/errors';
import type { Leaf, Trace, TraceOp, TraceUpdate, VariableIds } from './trace';

export interface RecordOptions extends DrawKeys {
  /** Whose applyGradients the program will replace by its own update; others are recorded operation by operation. */
  readonly optimizer: tf.Optimizer | undefined;
  /** Where in the learner's source the code that is running now was called from. */
  readonly here?: (() => SourceLocation | undefined) | undefined;
  /** Filled with the gradients that the optimizer was given. */
  readonly gradients?: Map<tf.Variable, Float32Array> | undefined;
}

/** Operations whose result depends on more than their inputs. */
const STATEFUL: ReadonlySet<string> = new Set(['Multinomial', 'RandomUniform', 'RandomStandardNormal']);

export abstract class Recorder {
  refusal: Refusal | undefined;
  protected readonly ops: TraceOp[] = [];
  protected readonly leaves = new Map<number, Leaf>();
  protected readonly draws: Draws;
  private readonly updates: TraceUpdate[] = [];
  private initial: VariableIds = new Map();

  constructor(
    source: DrawSource,
    private readonly variables: readonly tf.Variable[],
    private readonly options: RecordOptions,
  ) {
    this.draws = new Draws(source, options, (unknown) => {
      this.refuse(refusal.random(unknown));
    });
  }

  /** Puts itself between the step and the engine. */
  abstract observe(patches: Patches): void;

  /** The number of a tensor. */
  protected abstract idOf(tensor: tf.Tensor): number;

  protected abstract metadataOf(tensor: tf.Tensor): TensorMetadata;

  protected abstract valuesOf(tensor: tf.Tensor): Float32Array;

  /** This tensor is used outside of operations: as a result, a gradient, or a variable's value. */
  protected abstract keep(id: number): void;

  /** The step begins with these feeds. */
  begin(feeds: Readonly<Record<string, tf.Tensor>>): void {
    this.initial = this.variableIds();
    for (const [variable, id] of this.initial) this.leaves.set(id, { kind: 'variable', variable });
    for (const [name, tensor] of Object.entries(feeds)) {
      const { id, dtype } = this.metadataOf(tensor);
      this.leaves.set(id, { kind: 'feed', name, dtype, shape: tensor.shape.slice() });
    }
  }

  /** The step has ended with these results. To be called while it is still observed: they may have been made in JavaScript. */
  end(outputs: Readonly<Record<string, tf.Tensor>>): Trace {
    const described = Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, this.metadataOf(tensor)] as const),
    );
    const final = this.variableIds();
    for (const { id } of Object.values(described)) this.keep(id);
    for (const id of final.values()) this.keep(id);
    const { ops, updates, leaves, initial } = this;
    return { ops, updates, leaves, initial, final, outputs: described, draws: this.draws.all };
  }

  refuse(reason: Refusal): void {
    this.refusal ??= located(reason, this.options.here?.());
  }

  protected refuseStateful(operation: string): void {
    if (STATEFUL.has(operation)) this.refuse(refusal.operation(operation));
  }

  seedFor(scope: string): number | undefined {
    return this.draws.seedFor(scope);
  }

  noteScope(scope: string, result: tf.Tensor | null): void {
    this.draws.noteScope(scope, result);
  }

  /** Runs `apply`, a call of the optimizer's applyGradients, and marks what it does. */
  noteUpdate(
    gradients: Readonly<Record<string, tf.Tensor | null>> | readonly NamedGradient[],
    apply: () => void,
  ): void {
    const list: readonly NamedGradient[] = isList(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const noted: TraceUpdate['gradients'][number][] = [];
    list.forEach(({ name, tensor }, slot) => {
      const variable = engine().registeredVariables[name];
      if (variable === undefined) return;
      const gradient = tensor ? this.idOf(tensor) : undefined;
      if (gradient !== undefined) this.keep(gradient);
      noted.push({ variable, slot, gradient });
      if (tensor) this.options.gradients?.set(variable, this.valuesOf(tensor));
    });
    const first = this.ops.length;
    const before = this.variableIds();
    apply();
    this.updates.push({ first, last: this.ops.length, gradients: noted, before, after: this.variableIds() });
  }

  private variableIds(): VariableIds {
    return new Map(this.variables.map((variable) => [variable, this.idOf(variable)]));
  }
}

interface NamedGradient {
  readonly name: string;
  readonly tensor?: tf.Tensor | null;
}

function isList(
  gradients: Readonly<Record<string, tf.Tensor | null>> | readonly NamedGradient[],
): gradients is readonly NamedGradient[] {
  return Array.isArray(gradients);
}

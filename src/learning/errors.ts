/** What the core finds wrong: a code and the facts. Whoever calls it words them (trainer/wording), in the user's language. */
import type { Fix } from '../protocol/fix';

/** Where numbers first stopped being finite. */
export interface NonFinite {
  /** A layer's or parameter's name; undefined for the model's input and for a loss that alone is not finite. */
  readonly layer?: string;
  /** Of a model without layers, in place of a layer, where a gradient is not finite. */
  readonly parameter?: string;
  readonly what: 'weights' | 'output' | 'loss' | 'input' | 'gradient';
  /** The loss, where only a gradient is not finite. */
  readonly loss?: number;
}

type Shape = readonly (number | null)[];

export type Fault =
  /** The learner's `model` returned something else. */
  | { readonly code: 'NOT_A_MODEL'; readonly made: unknown }
  /** The learner's `optimizer` returned something else. */
  | { readonly code: 'NOT_AN_OPTIMIZER'; readonly made: unknown }
  /** Shapes of one example. */
  | {
      readonly code: 'INPUT_SHAPE';
      /** Of several inputs, the name; '' for the only one. */
      readonly name: string;
      readonly expected: Shape;
      readonly found: Shape;
      readonly fixes: readonly Fix[];
    }
  /** The data's inputs, '' for the only one, and the model's. */
  | { readonly code: 'INPUT_NAMES'; readonly expected: readonly string[]; readonly found: readonly string[] }
  /** The data's targets, '' for the only one, and the model's outputs. */
  | { readonly code: 'OUTPUT_NAMES'; readonly expected: readonly string[]; readonly found: readonly string[] }
  /** The learner's `forward` does not answer each target. */
  | { readonly code: 'NO_OUTPUT'; readonly targets: readonly string[]; readonly output: unknown }
  /** A loss looks up a target among the numbers of the answer, of which there are so many. */
  | {
      readonly code: 'TARGET_RANGE';
      readonly dataset: string;
      /** "train.y", "train.y.label" */
      readonly field: string;
      readonly size: number;
      readonly found: number;
      readonly row: number;
    }
  | { readonly code: 'OUTPUT_UNITS'; readonly classes: number; readonly found: Shape; readonly fixes: readonly Fix[] }
  /** The learner's own gradient of a parameter; `found` undefined where there is none. */
  | {
      readonly code: 'GRADIENT_SHAPE';
      readonly parameter: string;
      readonly expected: Shape;
      readonly found: Shape | undefined;
    }
  /** What the learner's `attention` gave for a batch [batch, length]; undefined for what is no tensor. */
  | {
      readonly code: 'ATTENTION_SHAPE';
      readonly batch: number;
      readonly length: number;
      readonly found: readonly (Shape | undefined)[];
    }
  /** Both models of a comparison have this variable. */
  | { readonly code: 'SHARED_WEIGHTS'; readonly weight: string }
  /** Nothing flows back through this operation of TensorFlow. */
  | { readonly code: 'NO_GRADIENT'; readonly operation: string }
  /** tfjs gave up while it went back; its own words. */
  | { readonly code: 'GRADIENT_FAILED'; readonly reason: string }
  /** No parameter takes part in the loss. */
  | { readonly code: 'LOSS_UNCONNECTED' }
  /** A layer looks up the data in a table of that size. Without `found`: the data are bytes, which are scaled to 0 … 1. */
  | {
      readonly code: 'NOT_TOKENS';
      readonly dataset: string;
      /** "train.x", "train.x.tokens" */
      readonly field: string;
      readonly layer: string;
      readonly size: number;
      readonly row?: number;
      /** In place of a row: where in the long array that rows are cut out of. */
      readonly position?: number;
      readonly found?: number;
    }
  /** The learner's code frees a tensor that is not its own. */
  | { readonly code: 'FREED'; readonly what: 'input' | 'target' | 'output' | 'weight'; readonly name: string }
  | {
      readonly code: 'NON_FINITE';
      readonly step: number;
      readonly loss: number;
      readonly origin: NonFinite;
      readonly learningRate: number;
    }
  /** `initialWeights`: no tensor for a weight, one of another shape, or one for a weight that the model does not have. */
  | {
      readonly code: 'GIVEN_WEIGHTS';
      readonly weight: string;
      readonly expected: Shape | undefined;
      readonly found: Shape | undefined;
    }
  /** A schedule gave something that is no rate. */
  | { readonly code: 'LEARNING_RATE'; readonly schedule: string; readonly step: number; readonly rate: unknown }
  /** Saved weights of another model: how many, or the first that differs. */
  | { readonly code: 'WEIGHT_COUNT'; readonly expected: number; readonly found: number }
  | { readonly code: 'WEIGHT_SHAPE'; readonly expected: NamedShape; readonly found: NamedShape }
  /** The WebAssembly engine has no such operation. */
  | { readonly code: 'ENGINE_LACKS'; readonly operation: string }
  /** The engine loads but computes wrong results. */
  | { readonly code: 'ENGINE_WRONG'; readonly expected: string; readonly found: string };

export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

export class LearningError extends Error {
  override readonly name = 'LearningError';

  constructor(
    readonly fault: Fault,
    options?: ErrorOptions,
  ) {
    super(
      `${fault.code} ${JSON.stringify(fault, (_, value: unknown) => (typeof value === 'function' ? '…' : value))}`,
      options,
    );
  }
}

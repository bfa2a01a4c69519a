/**
 * Remedies that an editor can carry out. The trainer knows what is wrong and what would be right; where the text has to
 * change, the editor finds out.
 */
export type Fix =
  /** A name is misspelt: a field, a layer, a function, a text in quotes. */
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  /**
   * An argument in the object that the call at the error's location is given; without `value` it is taken away.
   * `variable` is used instead of the value where the model's function receives it.
   */
  | {
      readonly kind: 'argument';
      readonly name: string;
      readonly value?: string;
      readonly variable?: 'classes' | 'inputShape';
    }
  /** A field of the experiment as a whole. */
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  /** Text around the value of a field of the experiment. */
  | { readonly kind: 'wrap'; readonly field: string; readonly before: string; readonly after: string }
  /** Whether the experiment's loss takes logits. */
  | { readonly kind: 'fromLogits'; readonly value: boolean }
  | { readonly kind: 'learningRate'; readonly value: number };

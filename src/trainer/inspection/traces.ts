import * as tf from '@tensorflow/tfjs';

/**
 * Frees whatever the learner's code makes between `open` and `close`: tensors, variables, and what it asked TensorFlow
 * to keep. The code between the two must not give up its turn, or it would free what others make meanwhile.
 */
export class Traces {
  private known: ReadonlySet<tf.Variable> | undefined;
  private readonly kept = new Set<tf.Tensor>();
  private restore: (() => void) | undefined;

  open(): void {
    const engine = tf.engine();
    this.known = new Set(Object.values(engine.registeredVariables));
    const keep = engine.keep.bind(engine);
    engine.keep = (tensor) => {
      this.kept.add(tensor);
      return keep(tensor);
    };
    this.restore = () => {
      // The method of the class again.
      Reflect.deleteProperty(engine, 'keep');
    };
    engine.startScope('inspection');
  }

  close(): void {
    const { known } = this;
    if (known === undefined) return;
    this.known = undefined;
    const engine = tf.engine();
    engine.endScope();
    this.restore?.();
    for (const tensor of this.kept) if (!tensor.isDisposed) tensor.dispose();
    for (const variable of Object.values(engine.registeredVariables)) {
      if (!known.has(variable)) variable.dispose();
    }
  }
}

/**
 * Tensors that nobody holds any more are freed, without a word from the learner: what no variable, closure or promise of a
 * cell leads to can never be used again, and only the garbage collector knows which those are. Variables of models stay:
 * TensorFlow.js itself keeps them by name.
 */
import * as tf from '@tensorflow/tfjs';
import v8 from 'node:v8';
import vm from 'node:vm';

/** What freeing a tensor needs to know of it. */
type Remains = Pick<tf.Tensor, 'dataId' | 'dtype' | 'size' | 'shape'>;

interface Tracker {
  trackTensor(tensor: tf.Tensor, backend: unknown): void;
  disposeTensor(tensor: Remains): void;
}

/** A cell that follows at once is not held up. */
const IDLE_MS = 50;
/** So much more memory of tensors, and nobody waits for that. */
const HURRY_BYTES = 256 * 2 ** 20;

export class ForgottenTensors {
  private readonly collect: () => void;
  private timer: NodeJS.Timeout | undefined;
  private before = tf.memory();

  constructor() {
    v8.setFlagsFromString('--expose-gc');
    this.collect = vm.runInNewContext('gc') as () => void;
    const engine = tf.engine() as unknown as Tracker;
    const track = engine.trackTensor.bind(engine);
    const dispose = engine.disposeTensor.bind(engine);
    const registry = new FinalizationRegistry<Remains>(dispose);
    engine.trackTensor = (tensor, backend) => {
      track(tensor, backend);
      const { dataId, dtype, size, shape } = tensor;
      if (!(tensor instanceof tf.Variable)) registry.register(tensor, { dataId, dtype, size, shape }, tensor);
    };
    engine.disposeTensor = (tensor) => {
      registry.unregister(tensor);
      dispose(tensor);
    };
  }

  /** A cell begins. */
  hold(): void {
    clearTimeout(this.timer);
    if (tf.memory().numBytes - this.before.numBytes > HURRY_BYTES) this.free();
  }

  /** A cell has ended: what it has left behind is freed in a moment. */
  release(): void {
    clearTimeout(this.timer);
    if (tf.memory().numTensors <= this.before.numTensors) return;
    this.timer = setTimeout(() => {
      this.free();
    }, IDLE_MS).unref();
  }

  private free(): void {
    this.collect();
    // What was found is told in a turn of its own.
    setImmediate(() => {
      this.before = tf.memory();
    });
  }
}

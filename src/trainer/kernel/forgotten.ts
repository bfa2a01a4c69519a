/**
 * Tensors that nobody holds any more are freed, without a word from the learner: what no variable, closure or promise of a
 * cell leads to can never be used again, and only the garbage collector knows which those are. So is the memory of a
 * model whose name has another value now: TensorFlow.js knows its variables by their names, and here it forgets those
 * that it alone knows.
 */
import * as tf from '@tensorflow/tfjs';
import v8 from 'node:v8';
import vm from 'node:vm';

/** What freeing a tensor needs to know of it. */
type Remains = Pick<tf.Tensor, 'dataId' | 'dtype' | 'size' | 'shape'>;

interface Tracker {
  readonly state: { registeredVariables: Record<string, tf.Variable> };
  trackTensor(tensor: tf.Tensor, backend: unknown): void;
  disposeTensor(tensor: Remains): void;
}

/** A cell that follows at once is not held up. */
const IDLE_MS = 50;
/** So much more memory of tensors, and nobody waits for that. */
const HURRY_BYTES = 256 * 2 ** 20;

const SORTED = 'TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES';

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
    engine.state.registeredVariables = weakly(engine.state.registeredVariables);
    engine.trackTensor = (tensor, backend) => {
      track(tensor, backend);
      const { dataId, dtype, size, shape } = tensor;
      registry.register(tensor, { dataId, dtype, size, shape }, tensor);
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
    // The layers' order of execution is kept for a hundred models, and each leads to its model.
    for (const most of [0, tf.env().getNumber(SORTED)]) tf.env().set(SORTED, most);
    this.collect();
    // What was found is told in a turn of its own.
    setImmediate(() => {
      this.before = tf.memory();
    });
  }
}

/** A record that holds none of its values: one that nobody else holds is no longer in it. */
function weakly<T extends object>(values: Readonly<Record<string, T>>): Record<string, T> {
  const held = new Map(Object.entries(values).map(([name, value]) => [name, new WeakRef(value)]));
  const at = (name: string | symbol): T | undefined => (typeof name === 'string' ? held.get(name)?.deref() : undefined);
  return new Proxy<Record<string, T>>(
    {},
    {
      get: (_, name) => at(name),
      has: (_, name) => at(name) !== undefined,
      ownKeys: () => {
        for (const name of held.keys()) if (at(name) === undefined) held.delete(name);
        return [...held.keys()];
      },
      getOwnPropertyDescriptor: (_, name) => {
        const value = at(name);
        return value && { value, enumerable: true, configurable: true, writable: true };
      },
      set: (_, name, value: T) => {
        held.set(String(name), new WeakRef(value));
        return true;
      },
      deleteProperty: (_, name) => {
        held.delete(String(name));
        return true;
      },
    },
  );
}

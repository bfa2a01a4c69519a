/**
 * What every model file of this process shares, and must find as the one before it did: the language's built-ins, Node's
 * modules, TensorFlow.js, the lab, the environment. It is looked at as it stands now, not watched: whatever way led there,
 * what is another one than at the beginning is found.
 */
import * as tf from '@tensorflow/tfjs';
import module from 'node:module';
import * as lab from '../../lab';

/** Of an object: its prototype, whether it may get new properties, and each property as it was. */
interface Shape {
  readonly name: string;
  readonly prototype: object | null;
  readonly extensible: boolean;
  /** It has a state of its own: only its functions are compared. */
  readonly stateful: boolean;
  readonly properties: ReadonlyMap<PropertyKey, PropertyDescriptor>;
}

/** Those that the trainer itself is made of, and those that model files ask for. */
const MODULES = [
  ...['assert', 'buffer', 'child_process', 'console', 'crypto', 'events', 'fs', 'fs/promises', 'module', 'net', 'os'],
  ...['path', 'perf_hooks', 'stream', 'string_decoder', 'timers', 'timers/promises', 'url', 'util', 'vm'],
  ...['worker_threads', 'http', 'https', 'zlib', 'readline'],
];

/** Kept by code that runs on when the work is over. */
const LEFT_RUNNING: ReadonlySet<string> = new Set([
  ...['Timeout', 'TCPServerWrap', 'TCPSocketWrap', 'UDPWrap', 'FSEventWrap', 'StatWatcher', 'SignalWrap'],
]);

export class SharedState {
  private readonly shapes = new Map<object, Shape>();
  private readonly values: ReadonlyMap<string, () => unknown>;
  private readonly before: ReadonlyMap<string, unknown>;

  constructor() {
    this.add('globalThis', globalThis);
    // They have no name of their own, and all of them share one prototype each.
    for (const [name, hidden] of Object.entries({
      iterators: Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object,
      arrayIterators: Object.getPrototypeOf([][Symbol.iterator]()) as object,
      mapIterators: Object.getPrototypeOf(new Map().entries()) as object,
      generators: Object.getPrototypeOf(oneThing()) as object,
      asyncFunctions: Object.getPrototypeOf(async () => Promise.resolve()) as object,
    }))
      this.add(name, hidden);
    const require = module.createRequire(__filename);
    for (const name of MODULES) this.add(name, require(`node:${name}`) as object);
    this.addNamespace('tf', tf);
    this.addNamespace('lab', lab);
    for (const [name, object] of Object.entries({
      'tf.engine()': tf.engine(),
      'tf.env()': tf.env(),
      'tf.backend()': tf.backend(),
    }))
      this.add(name, object, true);
    const { stdout, stderr } = process;
    for (const [name, object] of Object.entries({ process, stdout, stderr })) this.add(name, object, true);
    this.values = new Map<string, () => unknown>([
      ['tf.getBackend()', () => tf.getBackend()],
      ...flagNames().map((flag): [string, () => unknown] => [`tf.env().get('${flag}')`, () => tf.env().get(flag)]),
      ['process.env', () => JSON.stringify(process.env)],
      ...tf
        .getKernelsForBackend(tf.getBackend())
        .map(({ kernelName, backendName }): [string, () => unknown] => [
          `the kernel ${kernelName}`,
          () => tf.getKernel(kernelName, backendName),
        ]),
      ...['uncaughtException', 'unhandledRejection', 'exit', 'beforeExit', 'warning'].map(
        (event): [string, () => unknown] => [`process.on('${event}')`, () => process.listenerCount(event)],
      ),
    ]);
    this.before = new Map([...this.values].map(([name, value]) => [name, value()]));
  }

  /** The first thing that is not as it was, by its name; undefined: all is. */
  change(): string | undefined {
    for (const [object, shape] of this.shapes) {
      const key = this.changedKey(object, shape);
      if (key !== undefined) return key === '' ? shape.name : `${shape.name}.${String(key)}`;
    }
    for (const [name, value] of this.values) if (value() !== this.before.get(name)) return name;
    return process.getActiveResourcesInfo().find((kind) => LEFT_RUNNING.has(kind));
  }

  /** '': the object as a whole. */
  private changedKey(object: object, shape: Shape): PropertyKey | undefined {
    if (Object.getPrototypeOf(object) !== shape.prototype || Object.isExtensible(object) !== shape.extensible)
      return '';
    for (const [key, before] of shape.properties)
      if (!this.isSame(descriptorOf(object, key), before, object)) return key;
    return Reflect.ownKeys(object).find(
      (key) => !shape.properties.has(key) && matters(descriptorOf(object, key), shape.stateful),
    );
  }

  /** A value that is no function, and that we did not follow, is state. */
  private isSame(now: PropertyDescriptor, before: PropertyDescriptor, object: object): boolean {
    const getter = Reflect.get(before, 'get') as unknown;
    // Node makes some of its globals when they are first used.
    if (typeof getter === 'function' && isCallable(now.value)) return now.value === Reflect.apply(getter, object, []);
    for (const part of ['get', 'set']) if (Reflect.get(now, part) !== Reflect.get(before, part)) return false;
    if (now.value === before.value) return true;
    return !isCallable(now.value) && !isCallable(before.value) && !this.shapes.has(before.value as object);
  }

  private addNamespace(name: string, namespace: object): void {
    // A bundle's namespace has getters; what they give is what can be changed.
    for (const [key, value] of Object.entries(namespace)) this.follow(`${name}.${key}`, value);
  }

  private add(name: string, object: object, stateful = false): void {
    if (this.shapes.has(object)) return;
    // Node makes some globals, and what they need in turn, only when they are first looked at.
    for (const key of Reflect.ownKeys(object)) descriptorOf(object, key);
    const properties = new Map(Reflect.ownKeys(object).map((key) => [key, descriptorOf(object, key)]));
    const prototype = Object.getPrototypeOf(object) as object | null;
    this.shapes.set(object, { name, prototype, extensible: Object.isExtensible(object), stateful, properties });
    if (prototype !== null) this.add(`the prototype of ${name}`, prototype);
    for (const [key, { value }] of properties) if (typeof key === 'string') this.follow(`${name}.${key}`, value);
  }

  /** Functions, their prototypes, and objects that only hold others; what has a state of its own may change. */
  private follow(name: string, value: unknown): void {
    if (typeof value === 'function') this.add(name, value);
    else if (typeof value === 'object' && value !== null && isNamespace(name, value)) this.add(name, value);
  }
}

function isNamespace(name: string, value: object): boolean {
  if (name.endsWith('.prototype')) return true;
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Data that stands in a namespace (the environment, versions, a cache) is no part of it.
  return (prototype === null || prototype === Object.prototype) && Object.values(readable(value)).some(isCallable);
}

const isCallable = (value: unknown): boolean => typeof value === 'function';

function readable(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, d]) => [key, d.value]));
}

const descriptorOf = (object: object, key: PropertyKey): PropertyDescriptor =>
  Object.getOwnPropertyDescriptor(object, key) ?? {};

function* oneThing(): Generator<number> {
  yield 1;
}

const matters = (descriptor: PropertyDescriptor, stateful: boolean): boolean =>
  'get' in descriptor || (stateful ? isCallable(descriptor.value) : descriptor.value !== undefined);

/** Whose flags look for what this process does not have. */
const OTHER_BACKENDS = /^(HAS_)?(WEBGL|WEBGPU|WASM|CANVAS2D)/;

/** All that can be asked for at once: a flag is computed when it is first asked for. */
function flagNames(): string[] {
  const { flagRegistry } = tf.env() as unknown as { readonly flagRegistry: Readonly<Record<string, unknown>> };
  return Object.keys(flagRegistry).filter((name) => {
    if (OTHER_BACKENDS.test(name)) return false;
    try {
      tf.env().get(name);
      return true;
    } catch {
      return false; // one that has to be waited for: of another backend
    }
  });
}

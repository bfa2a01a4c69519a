/**
 * What is known of functions that are not the learner's: those of the language, of TensorFlow.js and of the lab. A
 * function that is not known here is one that may answer differently each time, or change something.
 */
import * as lab from '../../../lab';

/** pure: nothing that a step could notice; changes: the object that it is called on. */
export type Behaviour = 'pure' | 'changes';

type Callable = (...args: never[]) => unknown;

const words = (text: string): ReadonlySet<PropertyKey> => new Set(text.split(' '));

/** Methods that change their object, by the type that has them. */
const CHANGING: Readonly<Record<string, ReadonlySet<PropertyKey>>> = {
  Array: words('push pop shift unshift splice sort reverse fill copyWithin'),
  Map: words('set delete clear'),
  Set: words('add delete clear'),
  WeakMap: words('set delete'),
  WeakSet: words('add delete'),
  TypedArray: words('set sort reverse fill copyWithin'),
  // exec and test of an expression with the flag g or y, see `behaviour`
  RegExp: words('compile'),
};

/** Functions of the language whose answer depends on more than what they are given. */
const IMPURE = words(
  'random now raw for keyFor deref registerEach toLocaleString toLocaleDateString toLocaleTimeString',
);

const TYPED_ARRAYS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];
const TypedArray = Object.getPrototypeOf(Int8Array) as typeof Int8Array;

/** What `new` may make: each time another object, from nothing but its arguments. */
const CONSTRUCTED: readonly unknown[] = [
  ...[Array, Object, Map, Set, WeakMap, WeakSet, RegExp, String, Number, Boolean, ArrayBuffer, DataView, Proxy, Date],
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, AggregateError, Promise],
  ...TYPED_ARRAYS,
];

/** Names in TensorFlow.js behind which clocks, counters, files or the state of the engine stand. */
const TF_IMPURE = words(
  'memory time profile now ready nextFrame data io browser fit fitDataset trainOnBatch evaluateDataset save ' +
    'loadLayersModel loadGraphModel shuffle createShuffledIndices setBackend removeBackend disposeVariables',
);
/** … and behind which fields of the object change. */
const TF_CHANGING = words(
  'setLearningRate resetStates compile add pop setFastWeightInitDuringBuild reset setFlags registerFlag',
);
/** Functions of TensorFlow.js that answer with a function. */
const TF_HIGHER = words('grad grads valueAndGrad valueAndGrads customGrad');

const known = new WeakMap<object, Behaviour>();
const constructed = new Set<unknown>(CONSTRUCTED);

/** Functions that TensorFlow.js or the lab made for the learner. */
const trusted = new WeakSet<object>();

/** A function's own text, also where it has a toString of its own. */
export function sourceOf(called: Callable): string {
  return Function.prototype.toString.call(called);
}

let complete = false;

function learn(): void {
  if (complete) return;
  complete = true;
  for (const type of [
    Array,
    Map,
    Set,
    WeakMap,
    WeakSet,
    RegExp,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    Object,
    Date,
    DataView,
    ArrayBuffer,
    Error,
    Promise,
    Function,
  ])
    learnType(type as unknown as Callable, CHANGING[(type as { name: string }).name]);
  learnType(TypedArray as unknown as Callable, CHANGING['TypedArray']);
  for (const type of TYPED_ARRAYS) learnType(type as unknown as Callable, undefined);
  for (const name of Reflect.ownKeys(Date.prototype))
    if (typeof name === 'string' && name.startsWith('set'))
      known.set(Reflect.get(Date.prototype, name) as Callable, 'changes');
  for (const name of Reflect.ownKeys(DataView.prototype))
    if (typeof name === 'string' && name.startsWith('set'))
      known.set(Reflect.get(DataView.prototype, name) as Callable, 'changes');
  for (const name of [
    'assign',
    'defineProperty',
    'defineProperties',
    'setPrototypeOf',
    'freeze',
    'seal',
    'preventExtensions',
  ])
    known.delete(Reflect.get(Object, name) as Callable);
  // What a promise leads to happens later, when nobody looks.
  for (const name of ['then', 'catch', 'finally']) known.delete(Reflect.get(Promise.prototype, name) as Callable);
  for (const name of ['call', 'apply', 'bind']) known.delete(Reflect.get(Function.prototype, name) as Callable);
  for (const name of Object.getOwnPropertyNames(Math))
    if (typeof Reflect.get(Math, name) === 'function' && name !== 'random')
      known.set(Reflect.get(Math, name) as Callable, 'pure');
  for (const object of [JSON, Intl]) learnMembers(object, words(''), words(''));
  for (const name of ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'isExtensible'])
    known.set(Reflect.get(Reflect, name) as Callable, 'pure');
  for (const plain of [
    parseInt,
    parseFloat,
    isNaN,
    isFinite,
    structuredClone,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    Array,
    Object,
    encodeURIComponent,
    decodeURIComponent,
  ])
    known.set(plain, 'pure');
  // Printing changes no number. What is printed is printed when the step is recorded.
  learnMembers(console, words(''), words(''));
  learnIterators();
  learnTensorflow(lab.tf);
  learnLab();
}

function* emptyGenerator(): Generator<undefined> {
  yield undefined;
}

function learnIterators(): void {
  const prototypeOf = (iterator: object): object => Object.getPrototypeOf(iterator) as object;
  const iterators = [[].values(), new Map().values(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g)];
  for (const iterator of iterators) known.set(Reflect.get(prototypeOf(iterator), 'next') as Callable, 'changes');
  // A generator of the learner's reports for itself when it goes on; it can also be ended.
  const generator = prototypeOf(prototypeOf(emptyGenerator()));
  known.set(Reflect.get(generator, 'next') as Callable, 'pure');
  for (const name of ['return', 'throw']) known.set(Reflect.get(generator, name) as Callable, 'changes');
  for (const object of [prototypeOf(prototypeOf([].values())), prototypeOf([].values())])
    for (const key of Reflect.ownKeys(object)) {
      const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
      if (typeof value === 'function' && !known.has(value))
        known.set(value, key === Symbol.iterator ? 'pure' : 'changes');
    }
}

/** A type's static functions and methods, accessors left out. */
function learnType(type: Callable, changing: ReadonlySet<PropertyKey> = words('')): void {
  learnMembers(type, IMPURE, words(''));
  learnMembers(type.prototype as object, IMPURE, changing);
}

function learnMembers(object: object, impure: ReadonlySet<PropertyKey>, changing: ReadonlySet<PropertyKey>): void {
  for (const key of Reflect.ownKeys(object)) {
    const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
    if (typeof value !== 'function' || key === 'constructor' || impure.has(key)) continue;
    known.set(value, changing.has(key) ? 'changes' : 'pure');
  }
}

function learnTensorflow(tf: object): void {
  for (const [name, value] of Object.entries(tf) as [string, unknown][]) {
    if (TF_IMPURE.has(name)) continue;
    if (typeof value === 'function') learnTensorflowFunction(value as Callable);
    else if (typeof value === 'object' && value !== null)
      for (const [member, inner] of Object.entries(value) as [string, unknown][])
        if (typeof inner === 'function' && !TF_IMPURE.has(member)) learnTensorflowFunction(inner as Callable);
  }
  // tf.train is a class; so is everything that can be saved.
  learnMembers(lab.tf.train, words(''), words(''));
  const classes = lab.tf.serialization.SerializationMap.getMap().classNameMap;
  for (const [type] of Object.values(classes)) learnTensorflowFunction(type as unknown as Callable);
  for (const object of [lab.tf.engine(), lab.tf.env()]) learnTensorflowFunction(object.constructor as Callable);
}

/** A function, or a class with its methods and those that it inherits. */
function learnTensorflowFunction(value: Callable): void {
  known.set(value, known.get(value) ?? 'pure');
  constructed.add(value);
  for (let prototype: unknown = value.prototype; isOurs(prototype); prototype = Object.getPrototypeOf(prototype))
    learnMembers(prototype, TF_IMPURE, changingOf(prototype));
  for (const key of Object.getOwnPropertyNames(value)) {
    const member: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
    if (typeof member === 'function' && key !== 'prototype' && !known.has(member)) known.set(member, 'pure');
  }
}

const isOurs = (prototype: unknown): prototype is object =>
  typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype;

/** A tensor's `add` is no layer's, and its values never change. */
function changingOf(prototype: object): ReadonlySet<PropertyKey> {
  if (prototype === lab.tf.Tensor.prototype || prototype === lab.tf.Variable.prototype) return words('');
  const isSet = prototype === lab.tf.TensorBuffer.prototype || prototype === lab.tf.Environment.prototype;
  return isSet ? new Set([...TF_CHANGING, 'set']) : TF_CHANGING;
}

function learnLab(): void {
  for (const value of Object.values(lab) as unknown[]) {
    if (typeof value === 'function') known.set(value, 'pure');
    else if (typeof value === 'object' && value !== null && value !== lab.tf) learnMembers(value, words(''), words(''));
  }
}

/** How a function that is not the learner's behaves when it is called on `self`; undefined where that is not known. */
export function behaviour(called: Callable, self: unknown): Behaviour | undefined {
  learn();
  if (trusted.has(called)) return 'pure';
  const found = known.get(called);
  if (self instanceof RegExp && (called === self.exec || called === self.test))
    return self.global || self.sticky ? 'changes' : 'pure';
  return found ?? (isInherited(called, self) ? 'pure' : undefined);
}

/** A method of a class of TensorFlow.js that is not exported: a cell, a regulariser, a container of layers. */
function isInherited(called: Callable, self: unknown): boolean {
  if (!(self instanceof lab.tf.serialization.Serializable) && !(self instanceof lab.tf.LayerVariable)) return false;
  if (TF_IMPURE.has(called.name) || TF_CHANGING.has(called.name)) return false;
  for (
    let prototype: unknown = Object.getPrototypeOf(self);
    isOurs(prototype);
    prototype = Object.getPrototypeOf(prototype)
  )
    if (Object.getOwnPropertyDescriptor(prototype, called.name)?.value === called)
      return !sourceOf(called).includes('[native code]');
  return false;
}

/** Whether `new` with this many arguments makes an object from nothing else. */
export function isConstructor(type: unknown, given: number): boolean {
  learn();
  return constructed.has(type) && !(type === Date && given === 0);
}

/**
 * A module of ours as model files see it. Functions that TensorFlow.js or the lab makes for the learner (`tf.grad`, the
 * `compute` of a loss) are known from then on; so are those of a `tf` that reports where layers are made.
 */
export function trusting<T extends object>(
  module: T,
  makers: ReadonlySet<PropertyKey> = new Set(Object.keys(module)),
): T {
  learn();
  const served: Record<string, unknown> = {};
  for (const name of Object.keys(module)) {
    const value: unknown = Reflect.get(module, name);
    const given = typeof value === 'function' && makers.has(name) ? trustingMaker(value as Callable) : value;
    Object.defineProperty(served, name, { value: given, enumerable: true });
  }
  return served as T;
}

/** `tf` as model files see it. */
export function trustingTensorflow<T extends object>(tf: T): T {
  learn();
  learnTensorflow(tf);
  return trusting(tf, TF_HIGHER);
}

/** What TensorFlow.js gives to a function of the learner's, as `save` in tf.customGrad. */
function trustingCallback(given: unknown): unknown {
  if (typeof given !== 'function') return given;
  return (...values: unknown[]): unknown => {
    for (const value of values) if (typeof value === 'function') trusted.add(value);
    return (given as (...values: unknown[]) => unknown)(...values);
  };
}

/** Says that a function that the lab puts in the place of another is as harmless as that. */
export function trust<T extends object>(called: T): T {
  trusted.add(called);
  return called;
}

function trustingMaker(make: Callable): Callable {
  const trustful = (...given: never[]): unknown => {
    const made = make(...(given.map(trustingCallback) as never[]));
    if (typeof made === 'function') trusted.add(made);
    else if (typeof made === 'object' && made !== null)
      for (const value of Object.values(made) as unknown[]) if (typeof value === 'function') trusted.add(value);
    return made;
  };
  trusted.add(trustful);
  return Object.defineProperty(trustful, 'name', { value: make.name });
}

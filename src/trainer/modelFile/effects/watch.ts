/**
 * Counts what a model file's code changes beside what it was given. A step that changes nothing that outlives it, and
 * that asks nobody who may answer differently next time, does the same again as long as nothing is changed from outside:
 * then, and only then, may a graph stand in for it.
 *
 * Everything is judged by when it was made. What was made since the step began (or since it ended) belongs to it and may
 * be changed; what is older outlives it. `instrument.ts` puts the reports into the code; which functions of others are
 * harmless is said in `hosts.ts`.
 */
import { isProxy } from 'node:util/types';
import type { SourceLocation } from '../../../protocol/errors';
import type { Effect, Effects } from '../../../learning/compile';
import { behaviour, isConstructor, sourceOf } from './hosts';
import type { Site } from './instrument';

type Callable = (...args: never[]) => unknown;

/** When something was made, and what became of the variables of that call. */
interface Birth {
  readonly moment: number;
  variables?: Map<number, VariableState>;
}

/** A variable is state where what is written to it at one moment is read at another, one of the two being in a step. */
interface VariableState {
  /** When it was written last. */
  written?: number;
  /** A step has written it. */
  byStep?: true;
  /** A step reads what was there before it. */
  intoStep?: true;
  /** What a step writes is read outside. */
  outOfStep?: true;
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const {
  call: CALL,
  apply: APPLY,
  bind: BIND,
} = Object.fromEntries(
  ['call', 'apply', 'bind'].map((name) => [name, Reflect.get(Function.prototype, name) as unknown]),
);

/** Equal to nothing that a variable may hold. */
const NOTHING = Symbol('nothing');

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([].values())) as object;
const GeneratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf(
    (function* () {
      yield 0;
    })(),
  ),
) as object;

export interface Script {
  readonly sites: readonly Site[];
  /** How the mark of every function begins that reports. */
  readonly mark: string;
  readonly locate: (site: Site) => SourceLocation | undefined;
  /** Where in the learner's files the code that is running now was called from. */
  readonly here: () => SourceLocation | undefined;
}

export class Watch implements Effects {
  changes = 0;
  private newest: { readonly kind: Effect['kind']; readonly site: number } | undefined;
  /** Another number for each step and for each time between two. */
  private moment = 0;
  private isStep = false;
  private made = new WeakSet();
  /** Buffers older than this moment that something made in it looks into. */
  private readonly shared = new WeakSet();
  private readonly own = new WeakMap<Callable, boolean>();
  /** What was bound, by what binding it made. */
  private readonly targets = new WeakMap<object, Callable>();
  private receivers: unknown[] = [];
  /** A call that is about to be made, of somebody who may change what is handed over. */
  private suspect: number | undefined;

  constructor(private readonly script: Script) {}

  get last(): Effect | undefined {
    if (this.newest === undefined) return undefined;
    const { kind, site: index } = this.newest;
    const site = this.script.sites[index];
    if (site === undefined) return undefined;
    const location = this.script.locate(site);
    return { kind, name: site.name, ...(location === undefined ? {} : { location }) };
  }

  here(): SourceLocation | undefined {
    return this.script.here();
  }

  step<T>(work: () => T): T {
    this.reporter.on = true;
    this.enter(true);
    try {
      return work();
    } finally {
      this.enter(false);
    }
  }

  /** No step is taken any more: until the next one nothing is counted, and everything that is made counts as older. */
  rest(): void {
    this.reporter.on = false;
  }

  private enter(isStep: boolean): void {
    this.isStep = isStep;
    this.moment += 1;
    this.made = new WeakSet();
    this.receivers = [];
    this.suspect = undefined;
  }

  /** What the script calls. `on` is false until the first step: before, nothing is counted. */
  readonly reporter = {
    on: false,
    /** Of everything that was made when the file was loaded. */
    top: { moment: -1 } as Birth,

    born: (): Birth => ({ moment: this.reporter.on ? this.moment : -1 }),

    made: <T>(value: T): T => {
      if (this.reporter.on && isObject(value) && !isProxy(value) && !this.isView(value)) this.made.add(value);
      return value;
    },

    changed: <T>(object: T, site: number): T => {
      if (this.reporter.on && isObject(object) && !this.made.has(object)) this.note('write', site);
      return object;
    },

    field: <T>(value: T, object: unknown, key: string, site: number): T => {
      if (this.reporter.on && isObject(object) && !this.made.has(object) && !this.holds(object, key, value))
        this.note('write', site);
      return value;
    },

    nothing: NOTHING,

    assigned: <T>(value: T, birth: Birth, slot: number, site: number, old: unknown): T => {
      if (this.reporter.on && birth.moment !== this.moment)
        this.write(stateOf(birth, slot), site, Object.is(value, old));
      return value;
    },

    /** Read and written at once: a counter. */
    updated: (birth: Birth, slot: number, site: number): void => {
      if (birth.moment === this.moment) return;
      if (slot < 0) this.note('write', site);
      else {
        const state = stateOf(birth, slot);
        this.look(state, site);
        this.write(state, site, false);
      }
    },

    read: (birth: Birth, slot: number, site: number): void => {
      if (birth.moment !== this.moment) this.look(stateOf(birth, slot), site);
    },

    method: <T>(object: T, key: string, site: number): T => {
      if (this.reporter.on) this.judgeMember(object, key, site);
      return object;
    },

    receiver: <T>(object: T): T => {
      if (this.reporter.on) this.receivers.push(object);
      return object;
    },

    element: <K extends PropertyKey>(key: K, site: number): K => {
      if (this.reporter.on) this.judgeMember(this.receivers.pop(), key, site);
      return key;
    },

    /** What `target.bind(…)` made, also before the first step. */
    bound: <T>(made: T, target: unknown): T => {
      if (typeof made === 'function' && typeof target === 'function' && Reflect.get(target, 'bind') === BIND)
        this.targets.set(made, target as Callable);
      return made;
    },

    calls: <T>(called: T, self: unknown, site: number): T => {
      if (this.reporter.on) this.judge(called, self, site);
      return called;
    },

    constructs: <T>(type: T, site: number, given: number): T => {
      if (this.reporter.on && !this.isHarmlessType(type, given)) this.noteCall(site);
      return type;
    },

    given: <T>(value: T, site: number): T => {
      if (!this.reporter.on || !isObject(value)) return value;
      if (typeof value === 'function') {
        if (!this.isOwn(value) && behaviour(value, undefined) !== 'pure') this.noteCall(site);
      } else {
        if (value instanceof ArrayBuffer && !this.made.has(value)) this.shared.add(value);
        if (this.suspect !== undefined && !this.made.has(value)) this.note('write', site);
        this.iterate(value, site);
      }
      return value;
    },

    iterated: <T>(value: T, site: number): T => {
      if (this.reporter.on) this.iterate(value, site);
      return value;
    },

    /** A generator begins. */
    resumed: (birth: Birth, site: number): void => {
      if (this.reporter.on && birth.moment !== this.moment) this.note('write', site);
    },

    /** A generator goes on. */
    yielded: <T>(value: T, birth: Birth, site: number): T => {
      if (this.reporter.on && birth.moment !== this.moment) this.note('write', site);
      return value;
    },

    awaits: (site: number): void => {
      if (this.isStep) this.note('call', site);
    },
  };

  private write(state: VariableState, site: number, isSame: boolean): void {
    state.written = this.moment;
    if (this.isStep) state.byStep = true;
    if (!isSame && (state.intoStep === true || (this.isStep && state.outOfStep === true))) this.note('write', site);
  }

  private look(state: VariableState, site: number): void {
    if (state.written === this.moment) return;
    // From now on writes are heard of; those before were not.
    if (this.isStep && state.intoStep !== true) {
      state.intoStep = true;
      if (state.written !== undefined) this.note('write', site);
    } else if (!this.isStep && state.byStep === true && state.outOfStep !== true) {
      state.outOfStep = true;
      this.note('write', site);
    }
  }

  private note(kind: Effect['kind'], site: number): void {
    this.changes += 1;
    this.newest = { kind, site };
  }

  /** Somebody is asked who may answer differently: that matters in a step, and between two where they are handed a thing. */
  private noteCall(site: number): void {
    if (this.isStep) this.note('call', site);
    else this.suspect = site;
  }

  private judgeMember(object: unknown, key: PropertyKey, site: number): void {
    this.suspect = undefined;
    if (object === undefined || object === null) return;
    const owner = Object(object) as object;
    if (isProxy(owner) && typeof owner !== 'function') {
      this.noteCall(site);
      return;
    }
    const found = this.lookUp(owner, key);
    if (found === undefined) this.noteCall(site);
    else this.judge(found.value, object, site);
  }

  /** What a field holds; undefined where only the learner's own getter can tell. */
  private lookUp(object: object, key: PropertyKey): { readonly value: unknown } | undefined {
    for (let owner: unknown = object; isObject(owner); owner = Object.getPrototypeOf(owner)) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, key);
      if (descriptor === undefined) continue;
      if ('value' in descriptor) return { value: descriptor.value as unknown };
      const getter: unknown = Reflect.get(descriptor, 'get');
      if (typeof getter !== 'function') return { value: undefined };
      return this.isOwn(getter as Callable) ? undefined : { value: Reflect.get(object, key) as unknown };
    }
    return { value: undefined };
  }

  private holds(object: object, key: string, value: unknown): boolean {
    if (isProxy(object)) return false;
    const found = this.lookUp(object, key);
    return found !== undefined && Object.is(found.value, value) && (value !== undefined || key in object);
  }

  private judge(called: unknown, self: unknown, site: number): void {
    this.suspect = undefined;
    if (typeof called !== 'function' || this.isOwn(called as Callable)) return;
    // f.call(…), f.apply(…), f.bind(…): it is f that matters.
    if (called === CALL || called === APPLY || called === BIND) {
      if (typeof self === 'function') this.judge(self, undefined, site);
      return;
    }
    const target = this.targets.get(called);
    const found = target === undefined ? behaviour(called as Callable, self) : behaviour(target, undefined);
    if (found === undefined) this.noteCall(site);
    else if (found === 'changes' && !(isObject(self) && this.made.has(self))) this.note('write', site);
  }

  /** True for functions of the script. */
  private isOwn(called: Callable): boolean {
    let own = this.own.get(called);
    if (own === undefined) {
      own = sourceOf(this.targets.get(called) ?? called).includes(this.script.mark);
      this.own.set(called, own);
    }
    return own;
  }

  /** A class, and every class that it extends, is the script's, the language's or TensorFlow.js's. */
  private isHarmlessType(type: unknown, given: number): boolean {
    for (
      let base: unknown = type;
      typeof base === 'function' && base !== Function.prototype;
      base = Object.getPrototypeOf(base)
    )
      if (!this.isOwn(base as Callable)) return isConstructor(base, given);
    return true;
  }

  private isView(value: object): boolean {
    return ArrayBuffer.isView(value) && this.shared.has(value.buffer);
  }

  /** An iterator of the language that is older than the step stands somewhere else after it. */
  private iterate(value: unknown, site: number): void {
    if (!isObject(value) || isProxy(value) || this.made.has(value)) return;
    if (isBelow(IteratorPrototype, value) && !isBelow(GeneratorPrototype, value)) this.note('write', site);
  }
}

function isBelow(prototype: object, value: object): boolean {
  for (let above: unknown = value; isObject(above); above = Object.getPrototypeOf(above))
    if (above === prototype) return true;
  return false;
}

function stateOf(birth: Birth, slot: number): VariableState {
  birth.variables ??= new Map();
  let state = birth.variables.get(slot);
  if (state === undefined) birth.variables.set(slot, (state = {}));
  return state;
}

/**
 * The lasting scope of a notebook's cells: V8's own REPL mode, reached through an inspector session of this very process.
 * It gives top-level `await`, declarations that later ones replace, and the value of the last statement.
 */
import inspector from 'node:inspector';
import { promiseHooks } from 'node:v8';
import { KERNEL } from './cell/translate';

/** How a script ended: `value` is the very object, no copy. */
export type Evaluated =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'thrown'; readonly value: unknown }
  /** V8 could not read it: line and column from 0. */
  | { readonly kind: 'syntax'; readonly message: string; readonly line: number; readonly column: number }
  /** Somebody ended it from outside. */
  | { readonly kind: 'terminated' };

/** What cells' scripts call, under the name `KERNEL`. */
export type Bridge = Readonly<Record<string, unknown>>;

const GROUP = 'cell';
/** Within the names of functions in stacks. */
const TAKE = '$labTake';

export class ReplScope {
  private readonly session = new inspector.Session();
  private taken: unknown;
  /** Of scripts that have not ended, also those that never will. */
  private readonly pending = new Set<Promise<unknown>>();

  constructor(bridge: Bridge) {
    this.session.connect();
    define(KERNEL, bridge);
    define(TAKE, (value: unknown) => {
      this.taken = value;
    });
  }

  /** @param name under which the script stands in stacks */
  async evaluate(code: string, name: string): Promise<Evaluated> {
    let answer: inspector.Runtime.EvaluateReturnType;
    try {
      answer = await this.post<inspector.Runtime.EvaluateReturnType>(
        'Runtime.evaluate',
        { expression: `${code}\n//# sourceURL=${name}`, replMode: true, awaitPromise: true, objectGroup: GROUP },
        promiseHooks.onInit,
      );
    } catch (error) {
      if (isTermination(error)) return { kind: 'terminated' };
      throw error;
    }
    try {
      const { result, exceptionDetails } = answer;
      if (exceptionDetails === undefined) return { kind: 'value', value: await this.take(result) };
      const { exception, lineNumber: line, columnNumber: column } = exceptionDetails;
      const thrown = exception === undefined ? undefined : await this.take(exception);
      // V8's own: a script that never ran has no frame of its own.
      if (thrown instanceof SyntaxError && !(thrown.stack ?? '').includes(name))
        return { kind: 'syntax', message: thrown.message, line, column };
      return { kind: 'thrown', value: thrown };
    } finally {
      this.taken = undefined;
      await this.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    }
  }

  dispose(): void {
    this.session.disconnect();
  }

  private async take(remote: inspector.Runtime.RemoteObject): Promise<unknown> {
    const { objectId, type, unserializableValue } = remote;
    if (objectId === undefined) {
      if (unserializableValue === undefined) return remote.value as unknown;
      return type === 'bigint' ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
    }
    await this.post('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: `function (value) { ${TAKE}(value); }`,
      arguments: [{ objectId }],
      silent: true,
    });
    return this.taken;
  }

  /** @param watch Tells of the promises that are made meanwhile; the first one is the script's own. */
  private post<T = unknown>(method: string, params: object, watch?: typeof promiseHooks.onInit): Promise<T> {
    return new Promise((resolve, reject) => {
      let own: Promise<unknown> | undefined;
      const state = { isOver: false };
      const stop = watch?.((promise) => {
        own ??= promise;
      });
      try {
        this.session.post(method, params, (error, result) => {
          state.isOver = true;
          if (own !== undefined) this.pending.delete(own);
          if (error === null) resolve(result as T);
          else reject(error);
        });
      } finally {
        // V8 ends the process when it collects a promise that is waited for here: a cell may wait for what never comes.
        if (own !== undefined && !state.isOver) this.pending.add(own);
        if (stop !== undefined) Reflect.apply(stop, undefined, []);
      }
    });
  }
}

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, enumerable: false, configurable: false, writable: false });
}

/** "Execution was terminated" of Node 20, "Internal error" of Node 24. */
const isTermination = (error: unknown): boolean => /terminated|Internal error/.test((error as Error).message);

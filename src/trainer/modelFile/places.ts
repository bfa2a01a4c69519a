import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import path from 'node:path';
import { LabError, type SourceLocation } from '../../protocol/errors';

/** Deep below tfjs's own frames lie the learner's: V8 would keep only the innermost 10. */
const STACK_DEPTH = 60;

let scripts = 0;

/** The learner's place of one in a running script: the line from 1, the column from 0. */
export type Original = (line: number, column: number) => SourceLocation | undefined;

/** By a source map, version 3, JSON, whose sources are relative to `folder`. */
export function mapped(map: string, folder: string): Original {
  const trace = new TraceMap(map);
  return (line, column) => {
    const original = originalPositionFor(trace, { line, column });
    if (original.source === null) return undefined;
    return { file: path.resolve(folder, original.source), line: original.line, column: original.column + 1 };
  };
}

interface Script {
  readonly code: string;
  readonly original: Original;
}

/** A kernel runs cells without end; places of those that ran long ago are given up above so many characters of code. */
const CHARACTERS_KEPT = 64 * 2 ** 20;

/**
 * Leads from the running scripts back to the learner's source. Scripts that call each other (a notebook's cells and what
 * they import) are kept by one; each loaded model file has its own.
 */
export class Places {
  private readonly scripts = new Map<string, Script>();
  private kept = 0;

  constructor() {
    Error.stackTraceLimit = Math.max(Error.stackTraceLimit, STACK_DEPTH);
  }

  /**
   * @param code the text of the running script
   * @returns the name to run it under: unique, so that a stack cannot be taken for that of an earlier version
   */
  add(code: string, original: Original): string {
    scripts += 1;
    const name = `lab-model-${scripts}.cjs`;
    this.scripts.set(name, { code, original });
    this.kept += code.length;
    for (const [oldest, script] of this.scripts) {
      if (this.kept <= CHARACTERS_KEPT || oldest === name) break;
      this.scripts.delete(oldest);
      this.kept -= script.code.length;
    }
    return name;
  }

  /** The frames of a stack that lie in the learner's files, innermost first. */
  inStack(stack: string): SourceLocation[] {
    return stack.split('\n').flatMap((line) => this.inLine(line) ?? []);
  }

  /** As `inStack`, for whatever was thrown; where the error has no frame of the learner's, its cause may. */
  locate(error: unknown): SourceLocation[] {
    if (!(error instanceof Error)) return [];
    const own = this.inStack(error.stack ?? '');
    if (own.length > 0) return own;
    const about = error instanceof LabError ? this.ofFunction(error.about) : undefined;
    return about === undefined ? this.locate(error.cause) : [about];
  }

  /** Where a function of the learner's is written: its text is in the script as it stands. */
  private ofFunction(value: unknown): SourceLocation | undefined {
    if (typeof value !== 'function') return undefined;
    const text = Function.prototype.toString.call(value);
    for (const { code, original } of [...this.scripts.values()].reverse()) {
      const index = code.indexOf(text);
      if (index < 0) continue;
      const before = code.slice(0, index).split('\n');
      return original(before.length, before.at(-1)?.length ?? 0);
    }
    return undefined;
  }

  /** True when the learner's own code threw, rather than something it called. */
  threwItself(error: Error): boolean {
    const top = (error.stack ?? '').split('\n').find((line) => /^\s+at /.test(line));
    return top !== undefined && this.inLine(top) !== undefined;
  }

  /** A stack as the learner should read it: their files in place of the running script. */
  readable(stack: string): string {
    return stack
      .split('\n')
      .map((line) => {
        const place = this.inLine(line);
        return place === undefined ? line : line.replace(FRAME, () => `${place.file}:${place.line}:${place.column}`);
      })
      .join('\n');
  }

  /**
   * Where the code that is running now was called from in the learner's files, innermost first; without the frames of
   * these constructors at the top, so that an object's place is its `new`.
   */
  here(constructors: readonly string[] = []): SourceLocation[] {
    const frames = (new Error('here').stack ?? '').split('\n').filter((line) => this.inLine(line) !== undefined);
    const isConstructor = (line: string): boolean => {
      const name = /^\s+at new (\S+) /.exec(line)?.[1];
      return name !== undefined && constructors.includes(name);
    };
    const first = frames.findIndex((line) => !isConstructor(line));
    return frames.slice(Math.max(0, first)).flatMap((line) => this.inLine(line) ?? []);
  }

  private inLine(text: string): SourceLocation | undefined {
    const [, name = '', line, column] = FRAME.exec(text) ?? [];
    return this.place(name, Number(line), Number(column) - 1);
  }

  /** @param column from 0 */
  place(script: string, line: number, column: number): SourceLocation | undefined {
    return this.scripts.get(script)?.original(line, column);
  }
}

const FRAME = /\b(lab-model-\d+\.cjs):(\d+):(\d+)/;

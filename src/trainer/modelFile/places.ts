import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import path from 'node:path';
import { LabError, type SourceLocation } from '../../protocol/errors';

/** Deep below tfjs's own frames lie the learner's: V8 would keep only the innermost 10. */
const STACK_DEPTH = 60;

let scripts = 0;

/** Leads from the running script back to the learner's TypeScript. Each loaded model file has its own. */
export class Places {
  /** The running script's name: unique, so that a stack cannot be taken for that of an earlier version. */
  readonly script: string;
  private readonly map: TraceMap;
  private readonly frame: RegExp;

  /** @param code the text of the running script */
  constructor(
    private readonly code: string,
    map: string,
    private readonly folder: string,
    /** The column, from 0, that a column of the running script has in the script that the map is of. */
    private readonly columnOf: (line: number, column: number) => number = (_, column) => column,
  ) {
    Error.stackTraceLimit = Math.max(Error.stackTraceLimit, STACK_DEPTH);
    scripts += 1;
    this.script = `lab-model-${scripts}.cjs`;
    this.map = new TraceMap(map);
    this.frame = new RegExp(`\\b${this.script.replaceAll('.', '\\.')}:(\\d+):(\\d+)`);
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
    const index = this.code.indexOf(Function.prototype.toString.call(value));
    if (index < 0) return undefined;
    const before = this.code.slice(0, index).split('\n');
    return this.inBundle(before.length, this.columnOf(before.length, before.at(-1)?.length ?? 0));
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
        return place === undefined
          ? line
          : line.replace(this.frame, () => `${place.file}:${place.line}:${place.column}`);
      })
      .join('\n');
  }

  /**
   * Where the code that is running now was called from in the learner's files, innermost first; without the frames of
   * these constructors at the top, so that an object's place is its `new`.
   */
  here(constructors: readonly string[] = []): SourceLocation[] {
    const frames = (new Error('here').stack ?? '').split('\n').filter((line) => this.frame.test(line));
    const isConstructor = (line: string): boolean => {
      const name = /^\s+at new (\S+) /.exec(line)?.[1];
      return name !== undefined && constructors.includes(name);
    };
    const first = frames.findIndex((line) => !isConstructor(line));
    return frames.slice(Math.max(0, first)).flatMap((line) => this.inLine(line) ?? []);
  }

  private inLine(text: string): SourceLocation | undefined {
    const match = this.frame.exec(text);
    if (match === null) return undefined;
    const line = Number(match[1]);
    return this.inBundle(line, this.columnOf(line, Number(match[2]) - 1));
  }

  /** @param column from 0, in the script that the map is of */
  inBundle(line: number, column: number): SourceLocation | undefined {
    const original = originalPositionFor(this.map, { line, column });
    if (original.source === null) return undefined;
    return { file: path.resolve(this.folder, original.source), line: original.line, column: original.column + 1 };
  }
}

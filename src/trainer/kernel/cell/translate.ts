/**
 * Makes of a cell's text what V8's REPL mode runs in the kernel's lasting scope, with the same meaning at the same places:
 *
 *  - types are left out, and every statement gets its semicolon (`script.ts`);
 *  - what is declared at the top becomes `let`, since V8 lets nothing else take the name of another kind: functions and
 *    `var` are declared before everything, as they are hoisted;
 *  - imports become variables that the kernel fills, `import()` a call of the kernel;
 *  - every `await` asks whether the cell was interrupted meanwhile;
 *  - names that the process itself goes by (`performance`, `window`) get a mark, so that no cell hides them from it.
 */
import type { Reference, Scope, Variable } from 'eslint-scope';
import type * as es from 'estree';
import type { SourceLocation } from '../../../protocol/errors';
import type { Original } from '../../modelFile/places';
import { childrenOf, type Node } from './nodes';
import { Rewriting, type Position } from './rewriting';
import { scriptOf, type Script } from './script';
import type { CellText } from './text';

/** The object by which a cell's script reaches the kernel. */
export const KERNEL = '$labKernel';

/** Of names that had to be changed. */
const MARK = 'ˌ';
const MARKED = /ˌ\d*/g;

/** A text about a cell's script, with the names as the learner wrote them. */
export const unmarked = (text: string): string => text.replace(MARKED, '');

/** How a variable of the learner's is called in the scope. */
export const writtenName = (name: string): string => (HOST_NAMES.has(name) ? `${name}${MARK}` : name);

/** By these, packages find out where they run. */
const ASKED_FOR = [
  'window',
  'self',
  'document',
  'navigator',
  'location',
  'define',
  'module',
  'exports',
  'require',
].concat(['importScripts', 'Deno', 'Bun', 'WorkerGlobalScope', 'jest', 'mocha', '__dirname', '__filename']);

/** What the process has by itself; taken before any cell runs. */
const HOST_NAMES: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(globalThis), ...ASKED_FOR]);

export interface ImportedName {
  /** '*' for all of them. */
  readonly name: string;
  readonly local: string;
  /** It is only a type, maybe: nothing in the cell reads it. */
  readonly isUnused: boolean;
  readonly at: SourceLocation | undefined;
}

export interface Import {
  readonly specifier: string;
  readonly names: readonly ImportedName[];
  readonly at: SourceLocation | undefined;
}

export interface TranslatedCell {
  readonly code: string;
  /** Where a position of the code stands in the cell. */
  readonly original: Original;
  readonly imports: readonly Import[];
  /** Names that the cell declares at its top. */
  readonly declares: readonly string[];
  /** Names that it reads and does not declare. */
  readonly uses: readonly string[];
  /** Variables that are declared with a control's value: const rate = input.slider('learning rate', …). */
  readonly controls: readonly BoundControl[];
}

export interface BoundControl {
  readonly label: string;
  readonly name: string;
}

type Names = ReadonlySet<string>;

/**
 * @param number Of this execution: tells the helpers of one cell from those of another, and is told to the kernel by the script.
 * @param known Names that the cells before have declared.
 * @throws LabError MODEL_SYNTAX with the place
 */
export async function translate(text: CellText, number: number, known: Names): Promise<TranslatedCell> {
  return new Translation(text.source, await scriptOf(text), number, known).run();
}

/** Made apart from a translation, whose tree would be kept with it for as long as the cell's functions are. */
function through(origin: (position: Position) => Position, original: Original): Original {
  return (line, column) => {
    const at = origin({ line, column });
    return original(at.line, at.column);
  };
}

class Translation {
  private readonly code: string;
  private readonly program: es.Program;
  private readonly rewriting: Rewriting;
  private readonly parents = new Map<Node, Node>();
  private readonly words: Names;
  private readonly imports: Import[] = [];
  private readonly scope: Scope;
  private readonly through: readonly Reference[];
  /** Names declared by `var`. */
  private readonly hoisted = new Set<string>();

  constructor(
    source: string,
    private readonly script: Script,
    private readonly number: number,
    private readonly known: Names,
  ) {
    const { code, program, scopes } = script;
    this.code = code;
    this.program = program;
    this.rewriting = new Rewriting(code);
    this.words = new Set(source.match(/[\p{ID_Continue}$]+/gu));
    const [global, module] = scopes;
    if (global === undefined || module === undefined) throw new Error('A module has two scopes');
    this.scope = module;
    this.through = global.through;
  }

  run(): TranslatedCell {
    this.relate(this.program as Node);
    // First, so that what is put behind a name comes after its mark.
    this.rename();
    this.visit(this.program as Node);
    const functions: Node[] = [];
    for (const statement of this.program.body as Node[]) this.top(statement, functions);
    // Last, so that what was put at the same places stays within a statement, and before what is left out.
    for (const { start, end } of this.script.erased) this.rewriting.remove(start, end);
    this.finish(this.program as Node);
    const names = this.imports.flatMap((one) => one.names);
    // A directive is an expression as well: without this, it would be the value of a cell that has none.
    this.rewriting.prepend('"use strict";void 0;');
    if (names.length > 0) {
      const locals = names.map(({ local }) => this.nameOf(local));
      this.rewriting.prepend(`let [${locals.join(',')}]=${KERNEL}.imported(${this.number});`);
    }
    const hoisted = [...this.hoisted];
    if (hoisted.length > 0) this.rewriting.prepend(`let ${hoisted.map((name) => this.nameOf(name)).join(',')};`);
    for (const { start, end } of functions) this.rewriting.moveToHead(start, end);
    // The value is that of the last statement, not of the last one that has a value.
    if (DECLARATIONS.has(this.program.body.at(-1)?.type ?? '')) this.rewriting.insert(this.code.length, 'void 0;');
    const { code, origin } = this.rewriting.finish();
    const declares = this.scope.variables.map(({ name }) => name).filter((name) => this.isLearners(name));
    const uses = [...new Set(this.through.map(({ identifier }) => identifier.name))].filter(
      (name) => this.known.has(name) || !HOST_NAMES.has(name),
    );
    return {
      code,
      original: through(origin, this.script.original),
      imports: this.imports,
      declares,
      controls: controlsIn(this.program),
      uses,
    };
  }

  private relate(node: Node): void {
    for (const child of childrenOf(node)) {
      this.parents.set(child, node);
      this.relate(child);
    }
  }

  private visit(node: Node): void {
    const { start, end } = node;
    if (node.type === 'AwaitExpression') this.rewriting.insert(start, `${KERNEL}.resumed(`);
    else if (node.type === 'ImportExpression')
      this.rewriting.replace(start, start + 'import'.length, `${KERNEL}.import`);
    else if (node.type === 'MetaProperty' && node.meta.name === 'import')
      this.rewriting.replace(start, end, `${KERNEL}.meta`);
    for (const child of childrenOf(node)) this.visit(child);
    if (node.type === 'AwaitExpression') this.rewriting.insert(end, ')');
    else if (node.type === 'VariableDeclaration' && node.kind === 'var' && !this.isInFunction(node)) this.hoist(node);
  }

  /** No statement goes on in what was put before the next one. */
  private finish(node: Node): void {
    for (const child of childrenOf(node)) this.finish(child);
    const isHead = node.type === 'VariableDeclaration' && isHeadOf(node, this.parents.get(node));
    if (ENDED.has(node.type) && !isHead && this.code[node.end - 1] !== ';') this.rewriting.insert(node.end, ';');
  }

  // ── Names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Helpers of esbuild have names that do not occur in the source. */
  private isLearners(name: string): boolean {
    return this.words.has(name);
  }

  private nameOf(name: string): string {
    if (this.scope.set.has(name) && !this.isLearners(name)) return `${name}${MARK}${this.number}`;
    return HOST_NAMES.has(name) && (this.scope.set.has(name) || this.known.has(name)) ? `${name}${MARK}` : name;
  }

  private rename(): void {
    for (const variable of this.scope.variables)
      for (const identifier of identifiersOf(variable)) this.mark(identifier);
    for (const { identifier } of this.through) this.mark(identifier as Node);
  }

  private mark(identifier: Node): void {
    if (identifier.type !== 'Identifier') return;
    const { name } = identifier;
    const to = this.nameOf(name);
    if (to === name) return;
    const parent = this.parents.get(identifier);
    // Of a class that is an expression, the name stays.
    if (parent?.type === 'ClassDeclaration' && parent.id === identifier) return;
    const holder = parent?.type === 'AssignmentPattern' ? this.parents.get(parent) : parent;
    if (holder?.type === 'Property' && holder.shorthand) this.rewriting.insert(identifier.start, `${name}:`);
    this.rewriting.insert(identifier.end, to.slice(name.length));
  }

  // ── Statements at the top ─────────────────────────────────────────────────────────────────────────────────────────

  private top(statement: Node, functions: Node[]): void {
    if (statement.type === 'ImportDeclaration') this.import(statement);
    else if (statement.type === 'ExportAllDeclaration') {
      this.add(statement.source as Node & es.Literal, []);
      this.rewriting.remove(statement.start, statement.end);
    } else if (statement.type === 'ExportNamedDeclaration') this.exported(statement, functions);
    else if (statement.type === 'ExportDefaultDeclaration') this.exportedDefault(statement, functions);
    else this.declaration(statement, functions);
  }

  private exported(statement: Node & es.ExportNamedDeclaration, functions: Node[]): void {
    const declaration = statement.declaration as Node | null | undefined;
    if (statement.source) this.add(statement.source as Node & es.Literal, []);
    if (declaration) {
      this.rewriting.remove(statement.start, declaration.start);
      this.declaration(declaration, functions);
    } else this.rewriting.remove(statement.start, statement.end);
  }

  /** Of a cell it is the value. */
  private exportedDefault(statement: Node & es.ExportDefaultDeclaration, functions: Node[]): void {
    const value = statement.declaration as Node;
    const isNamed = (value.type === 'FunctionDeclaration' || value.type === 'ClassDeclaration') && Boolean(value.id);
    if (isNamed) {
      this.rewriting.remove(statement.start, value.start);
      this.declaration(value, functions);
      return;
    }
    // Parentheses around the value are no part of it.
    const { start, end } = statement;
    const words = /^export\s+default/.exec(this.code.slice(start))?.[0] ?? '';
    this.rewriting.replace(start, start + words.length, '(');
    this.rewriting.insert(this.code[end - 1] === ';' ? end - 1 : end, ')');
  }

  private declaration(node: Node, functions: Node[]): void {
    if (node.type === 'VariableDeclaration' && node.kind === 'const')
      this.rewriting.replace(node.start, node.start + 'const'.length, 'let');
    else if (node.type === 'ClassDeclaration') {
      this.rewriting.insert(node.start, `let ${this.nameOf(node.id.name)}=`);
      this.rewriting.insert(node.end, ';');
    } else if (node.type === 'FunctionDeclaration') {
      const id = node.id as Node & es.Identifier;
      // Its name goes, and with it the mark: a function without one takes that of its variable.
      this.rewriting.insert(node.start, `let ${this.nameOf(id.name)}=`);
      this.rewriting.replace(id.start, id.end, '');
      this.rewriting.insert(node.end, ';');
      functions.push(node);
    }
  }

  /** What `var` declares is declared before everything, and assigned where it stands. */
  private hoist(node: Node & es.VariableDeclaration): void {
    for (const { name, defs } of this.scope.variables)
      if (defs.some((def) => def.parent === node)) this.hoisted.add(name);
    const isHead = isHeadOf(node, this.parents.get(node));
    this.rewriting.replace(node.start, node.start + 'var'.length, isHead ? '' : 'void (');
    if (!isHead) this.rewriting.insert((node.declarations.at(-1) as Node | undefined)?.end ?? node.end, ')');
  }

  private import(statement: Node & es.ImportDeclaration): void {
    const names = statement.specifiers.map((specifier): ImportedName => {
      const { name: local } = specifier.local;
      const at = this.at(specifier as Node);
      const isUnused = this.scope.set.get(local)?.references.length === 0;
      if (specifier.type === 'ImportDefaultSpecifier') return { name: 'default', local, isUnused, at };
      if (specifier.type === 'ImportNamespaceSpecifier') return { name: '*', local, isUnused, at };
      const { imported } = specifier;
      return { name: imported.type === 'Identifier' ? imported.name : String(imported.value), local, isUnused, at };
    });
    this.add(statement.source as Node & es.Literal, names);
    this.rewriting.remove(statement.start, statement.end);
  }

  private add(source: Node & es.Literal, names: readonly ImportedName[]): void {
    this.imports.push({ specifier: String(source.value), names, at: this.at(source) });
  }

  private at(node: Node): SourceLocation | undefined {
    const before = this.code.slice(0, node.start).split('\n');
    return this.script.original(before.length, before.at(-1)?.length ?? 0);
  }

  private isInFunction(node: Node): boolean {
    for (let around = this.parents.get(node); around !== undefined; around = this.parents.get(around))
      if (FUNCTIONS.has(around.type)) return true;
    return false;
  }
}

/** Of controls with a label that stands there as a text. */
function controlsIn({ body }: es.Program): BoundControl[] {
  return body.flatMap((statement) => {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return declaration.declarations.flatMap(({ id, init }) => {
      if (id.type !== 'Identifier' || init?.type !== 'CallExpression' || init.callee.type !== 'MemberExpression')
        return [];
      const { object } = init.callee;
      const [label] = init.arguments;
      const isControl = object.type === 'Identifier' && object.name === 'input';
      if (!isControl || label?.type !== 'Literal' || typeof label.value !== 'string') return [];
      return [{ label: label.value, name: id.name }];
    });
  });
}

const DECLARATIONS: ReadonlySet<string> = new Set([
  'VariableDeclaration',
  'FunctionDeclaration',
  'ClassDeclaration',
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
]);

/** What ends with a semicolon, which need not be written. */
const ENDED: ReadonlySet<string> = new Set([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
  'DebuggerStatement',
  'PropertyDefinition',
  'ExportDefaultDeclaration',
]);

/** Whether a declaration is that of a loop. */
function isHeadOf(declaration: Node, loop: Node | undefined): boolean {
  if (loop?.type === 'ForInStatement' || loop?.type === 'ForOfStatement') return loop.left === declaration;
  return loop?.type === 'ForStatement' && loop.init === declaration;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'StaticBlock',
]);

/** Where the name is written: where it is declared, and where it is read or assigned. */
function identifiersOf({ identifiers, references }: Variable): ReadonlySet<Node> {
  return new Set([...identifiers, ...references.map(({ identifier }) => identifier)] as Node[]);
}

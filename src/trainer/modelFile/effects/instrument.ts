/**
 * Puts a report before everything by which a model file's code can change, or depend on, more than what it was given:
 * writes to variables, fields and elements, calls of functions that are not its own, iterators. The script means the same
 * as before; what the reports lead to is said in `watch.ts`.
 *
 * Only text is put in, so that lines stay lines. The script is esbuild's, which has lowered `?.` and `??=` before.
 */
import { parse } from '@babel/parser';
import { analyze, type Reference, type Variable } from 'eslint-scope';
import type * as es from 'estree';
import { Insertions } from './insertions';

/** A place in the script that reports: the line from 1, the column from 0, and what stands there. */
export interface Site {
  readonly line: number;
  readonly column: number;
  readonly name: string;
}

export interface Instrumented {
  readonly code: string;
  /** The name by which the script knows the object that it reports to. */
  readonly reporter: string;
  /** The comment in the text of every function of the script. */
  readonly mark: string;
  readonly sites: readonly Site[];
  /** The column, from 0, that a column of the new script had in the old one. */
  readonly columnOf: (line: number, column: number) => number;
}

type Node = es.Node & { readonly start: number; readonly end: number };
type FunctionNode = Extract<Node, es.Function>;

/** A variable that outlives a call of the function that writes it. */
interface Tracked {
  readonly slot: number;
  /** The expression that says when the variable was made. */
  readonly birth: string;
}

/** Of a variable that the script does not declare. */
const NO_SLOT = -1;

/** Methods that make a new array or iterator, unless the script has one of its own by that name. */
const MAKERS = new Set(
  'map filter slice concat flat flatMap split entries values keys matchAll toSorted toReversed toSpliced with'.split(
    ' ',
  ),
);

/** Of Object and Reflect: what they change is their first argument. */
const CHANGES_FIRST = new Set(
  'assign defineProperty defineProperties setPrototypeOf set deleteProperty freeze seal preventExtensions'.split(' '),
);

export function instrument(code: string): Instrumented {
  let reporter = '$lab';
  while (code.includes(reporter)) reporter += '_';
  return new Instrumentation(code, { reporter, firstSite: 0, sharesTop: false }).run();
}

/** What scripts have in common that share one scope, a notebook's cells, and report to one. */
export interface Sharing {
  readonly reporter: string;
  /** The number of this script's first place. */
  readonly firstSite: number;
}

/** A script whose variables at the top may be read, written and declared anew by others: none of them is ever certain. */
export function instrumentShared(code: string, sharing: Sharing): Instrumented {
  return new Instrumentation(code, { ...sharing, sharesTop: true }).run();
}

class Instrumentation {
  private readonly program: es.Program;
  private readonly insertions: Insertions;
  private readonly sites: Site[] = [];
  private readonly mark: string;
  private readonly parents = new Map<Node, Node>();
  private readonly references = new Map<Node, Reference>();
  private readonly tracked = new Map<Variable, Tracked>();
  /** Functions whose variables' births have to be known. */
  private readonly births = new Map<FunctionNode, string>();
  private readonly methodNames = new Set<string>();
  /** Some constructor may return an object that was there before. */
  private returnsOther = false;
  private readonly lineStarts: number[] = [0];

  private readonly reporter: string;

  constructor(
    private readonly code: string,
    private readonly options: Sharing & { readonly sharesTop: boolean },
  ) {
    const { reporter } = options;
    this.reporter = reporter;
    this.insertions = new Insertions(code);
    this.mark = `/*${reporter}*/`;
    for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
    const file = parse(code, {
      sourceType: 'script',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      ranges: true,
      plugins: [['estree', { classFeatures: true }]],
    });
    this.program = file.program as unknown as es.Program;
    this.visit(this.program as Node, (node, parent) => {
      if (parent !== undefined) this.parents.set(node, parent);
      if (
        (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') &&
        !node.computed
      )
        this.methodNames.add(this.text(node.key as Node));
      if (node.type === 'ReturnStatement' && node.argument) this.returnsOther ||= this.isInConstructor(node);
      if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression')
        this.methodNames.add(this.text(node.left.property as Node));
    });
    const scopes = analyze(this.program, { ecmaVersion: 2022, sourceType: 'commonjs' }).scopes;
    for (const scope of scopes)
      for (const reference of scope.references) this.references.set(reference.identifier as Node, reference);
    for (const scope of scopes) for (const variable of scope.variables) this.track(variable);
  }

  run(): Instrumented {
    this.visit(this.program as Node, (node) => {
      if (isFunction(node)) this.enter(node);
      else if (node.type === 'ClassBody') this.insertions.before(node.start, this.mark);
      else if (node.type === 'CallExpression' && this.isBinding(node)) this.binding(node);
      else if (this.isInFunction(node)) this.report(node);
    });
    const { code, columnOf } = this.insertions.apply();
    return { code, reporter: this.reporter, mark: this.mark, sites: this.sites, columnOf };
  }

  /** Functions begin with what says whose they are, and, where it matters, when the call began. */
  private enter(node: FunctionNode): void {
    const body = node.body as Node;
    const birth = this.births.get(node);
    this.insertions.before(body.start, this.mark);
    if (node.generator === true) {
      // Made when the generator is, not when it first runs; a parameter more is no part of the function's length.
      const name = birth ?? `${this.reporter}g${node.start}`;
      if (!canTakeBirth(node)) this.insertions.before(body.start + 1, `const ${name}=${this.reporter}.top;`);
      else {
        const last = node.params.at(-1) as Node | undefined;
        const at =
          last?.end ?? this.code.indexOf('(', ('id' in node ? (node.id as Node | null) : null)?.end ?? node.start) + 1;
        const open = last === undefined ? this.code.lastIndexOf(')', body.start) : at;
        this.insertions.before(open, `${last === undefined ? '' : ','}${name}=${this.reporter}.born()`);
      }
      this.insertions.before(body.start + 1, `${this.reporter}.resumed(${name},${this.site(node, 'function*')});`);
    } else if (birth !== undefined) {
      this.insertions.before(body.start + 1, `const ${birth}=${this.reporter}.born();`);
    }
  }

  private report(node: Node): void {
    if (node.type === 'AssignmentExpression') this.assignment(node);
    else if (node.type === 'UpdateExpression') this.update(node);
    else if (node.type === 'UnaryExpression') this.deletion(node);
    else if (node.type === 'ForOfStatement') {
      this.iterated(node.right as Node);
      this.loopTargets(node);
    } else if (node.type === 'ForInStatement') this.loopTargets(node);
    else if (node.type === 'VariableDeclarator') {
      if (node.id.type === 'ArrayPattern' && node.init) this.iterated(node.init as Node);
    } else if (node.type === 'SpreadElement') {
      if (this.parents.get(node)?.type !== 'ObjectExpression') this.iterated(node.argument as Node);
    } else if (node.type === 'YieldExpression') this.yielded(node);
    else if (node.type === 'AwaitExpression') this.first(node, `${this.reporter}.awaits(${this.site(node, 'await')})`);
    else if (node.type === 'Identifier') this.read(node);
    else if (node.type === 'ObjectExpression' || node.type === 'ArrayExpression') this.wrap(node, 'made');
    else if (node.type === 'CallExpression') this.call(node);
    else if (node.type === 'NewExpression') this.construction(node);
    else if (node.type === 'TaggedTemplateExpression') this.callee(node, node.tag as Node);
  }

  // ── Writes ────────────────────────────────────────────────────────────────────────────────────────────────────────

  private assignment(node: es.AssignmentExpression & Node): void {
    const left = node.left as Node;
    const right = node.right as Node;
    if (left.type === 'ArrayPattern') this.iterated(right);
    if (left.type === 'MemberExpression') {
      const key = keyText(left);
      const object = left.object as Node;
      const simple = object.type === 'ThisExpression' || (object.type === 'Identifier' && this.isConstant(object));
      if (node.operator === '=' && key !== undefined && simple) {
        if (this.isOwnConstruction(left)) return;
        const site = this.site(left, this.text(left));
        this.insertions.around(
          right,
          `${this.reporter}.field((`,
          `),${this.text(object)},${JSON.stringify(key)},${site})`,
        );
      } else this.member(left);
      return;
    }
    if (left.type === 'Identifier') {
      const tracked = this.trackedWrite(left);
      if (tracked === undefined) return;
      const place = `${tracked.birth},${tracked.slot},${this.site(left, left.name)}`;
      if (node.operator === '=' && tracked.slot !== NO_SLOT)
        this.insertions.around(right, `${this.reporter}.assigned((`, `),${place},${left.name})`);
      else this.first(node, `${this.reporter}.updated(${place})`);
      return;
    }
    this.pattern(node, left, right);
  }

  private pattern(node: Node, left: Node, right: Node): void {
    for (const target of targetsOf(left)) {
      if (target.type === 'MemberExpression') this.member(target);
      const tracked = target.type === 'Identifier' ? this.trackedWrite(target) : undefined;
      if (tracked === undefined) continue;
      const place = `${tracked.birth},${tracked.slot},${this.site(target, this.text(target))}`;
      // A default value may read what was there before.
      if (isPlainPattern(left) && tracked.slot !== NO_SLOT)
        this.insertions.around(right, `${this.reporter}.assigned((`, `),${place},${this.reporter}.nothing)`);
      else this.first(node, `${this.reporter}.updated(${place})`);
    }
  }

  private update(node: es.UpdateExpression & Node): void {
    const target = node.argument as Node;
    if (target.type === 'MemberExpression') this.member(target);
    else if (target.type === 'Identifier') {
      const tracked = this.trackedWrite(target);
      if (tracked !== undefined)
        this.first(
          node,
          `${this.reporter}.updated(${tracked.birth},${tracked.slot},${this.site(target, target.name)})`,
        );
    }
  }

  private deletion({ operator, argument }: es.UnaryExpression): void {
    if (operator === 'delete' && argument.type === 'MemberExpression') this.member(argument);
  }

  /** for (target of …), where the target is declared elsewhere. */
  private loopTargets(node: es.ForOfStatement | es.ForInStatement): void {
    if (node.left.type === 'VariableDeclaration') return;
    for (const target of targetsOf(node.left as Node)) {
      if (target.type === 'MemberExpression') this.member(target);
      const tracked = target.type === 'Identifier' ? this.trackedWrite(target) : undefined;
      if (tracked !== undefined)
        this.first(
          node.right as Node,
          `${this.reporter}.updated(${tracked.birth},${tracked.slot},${this.site(target, this.text(target))})`,
        );
    }
  }

  /** A field or an element is written: whose? */
  private member(target: es.MemberExpression): void {
    const node = target as Node;
    const site = this.site(node, this.text(node));
    if (target.object.type === 'Super') {
      let around: Node = node;
      for (
        let next = this.parents.get(around);
        next !== undefined && !next.type.endsWith('Statement');
        next = this.parents.get(next)
      ) {
        around = next;
        if (next.type === 'AssignmentExpression' || next.type === 'UpdateExpression') break;
      }
      this.first(around, `${this.reporter}.changed(this,${site})`);
    } else if (!this.isOwnConstruction(target)) this.wrap(target.object as Node, 'changed', site);
  }

  /** `this.x = …` in a constructor: the object is being made. */
  private isOwnConstruction(target: es.MemberExpression): boolean {
    if (target.object.type !== 'ThisExpression') return false;
    let node: Node | undefined = target.object as Node;
    while (node !== undefined && (!isFunction(node) || node.type === 'ArrowFunctionExpression'))
      node = this.parents.get(node);
    const method = node && this.parents.get(node);
    if (method?.type !== 'MethodDefinition' || method.kind !== 'constructor') return false;
    const body = this.parents.get(method);
    const type = body && this.parents.get(body);
    return (type?.type === 'ClassDeclaration' || type?.type === 'ClassExpression') && this.makesItself(type);
  }

  /** A class whose constructor returns nothing else than the new object. */
  private makesItself({ superClass }: es.Class): boolean {
    if (this.returnsOther) return false;
    if (!superClass) return true;
    const base = superClass as Node;
    if (this.isOfModule(base)) return true;
    if (base.type !== 'Identifier' || !this.isConstant(base)) return false;
    const [definition] = this.references.get(base)?.resolved?.defs ?? [];
    if (definition?.type === 'ClassName') return this.makesItself(definition.node);
    const init = definition?.type === 'Variable' ? definition.node.init : undefined;
    return init?.type === 'ClassExpression' && this.makesItself(init);
  }

  // ── Calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  private call(node: es.SimpleCallExpression & Node): void {
    const callee = node.callee as Node;
    if (callee.type === 'Super') {
      this.arguments(node);
      return;
    }
    const object = callee.type === 'MemberExpression' ? (callee.object as Node) : undefined;
    const key = callee.type === 'MemberExpression' ? keyText(callee) : undefined;
    const isGlobal = object?.type === 'Identifier' && this.isGlobal(object);
    if (isGlobal && object.name === 'Math' && key !== undefined && key !== 'random') return;
    if (key !== undefined && MAKERS.has(key) && !this.methodNames.has(key)) this.wrap(node, 'made');
    if (isGlobal && /^(Object|Reflect)$/.test(object.name) && CHANGES_FIRST.has(key ?? '')) {
      const [first, ...others] = node.arguments as Node[];
      if (first !== undefined && first.type !== 'SpreadElement') {
        this.wrap(first, 'changed', this.site(node, this.text(node.callee as Node)));
        for (const other of others) this.argument(other);
        return;
      }
    }
    this.arguments(node);
    this.callee(node, callee);
  }

  private construction(node: es.NewExpression & Node): void {
    this.wrap(node, 'made');
    this.arguments(node);
    const callee = node.callee as Node;
    const site = this.site(node, `new ${this.text(callee)}`);
    if (this.isStable(callee))
      this.first(node, `${this.reporter}.constructs(${this.text(callee)},${site},${node.arguments.length})`);
    else this.insertions.around(callee, `(${this.reporter}.constructs((`, `),${site},${node.arguments.length}))`);
  }

  /** Reports who is called, before the call; where the callee's object is not to be computed twice, on the way to it. */
  private callee(node: Node, callee: Node): void {
    const site = this.site(callee, this.text(callee));
    if (callee.type === 'MemberExpression') {
      const object = callee.object as Node;
      const key = keyText(callee);
      if (object.type === 'Super' || callee.property.type === 'PrivateIdentifier') {
        const self = object.type === 'Super' ? 'this' : this.isStable(object) ? this.text(object) : undefined;
        if (self !== undefined) this.first(node, `${this.reporter}.calls(${this.text(callee)},${self},${site})`);
        return;
      }
      if (object.type === 'Identifier' && this.isFilling(object)) {
        const list = this.references.get(object)?.resolved;
        if (list && this.isOnlyFilled(list)) return;
      }
      if (key !== undefined && this.isStable(object))
        this.first(node, `${this.reporter}.method(${this.text(object)},${JSON.stringify(key)},${site})`);
      else if (key !== undefined) this.wrap(object, 'method', JSON.stringify(key), site);
      else {
        this.wrap(object, 'receiver');
        this.wrap(callee.property as Node, 'element', site);
      }
      return;
    }
    if (isFunction(callee)) return;
    if (callee.type === 'Identifier' && this.isOwnFunction(callee)) return;
    if (this.isStable(callee)) this.first(node, `${this.reporter}.calls((${this.text(callee)}),undefined,${site})`);
    else this.insertions.around(callee, `${this.reporter}.calls((`, `),undefined,${site})`);
  }

  private isBinding({ callee }: es.SimpleCallExpression): boolean {
    return callee.type === 'MemberExpression' && keyText(callee) === 'bind' && this.isStable(callee.object as Node);
  }

  private binding(node: es.SimpleCallExpression & Node): void {
    const { object } = node.callee as es.MemberExpression;
    this.wrap(node, 'bound', this.text(object as Node));
    if (this.isInFunction(node)) this.call(node);
  }

  private arguments(node: es.SimpleCallExpression | es.NewExpression): void {
    for (const argument of node.arguments as Node[]) this.argument(argument);
  }

  /** What is given to others: they may call a function, advance an iterator, change an object. */
  private argument(node: Node): void {
    const harmless = /Literal$|^(Function|Arrow|Class|Template|Binary|Unary|Update|Object|Array)/;
    if (node.type === 'SpreadElement' || harmless.test(node.type)) return;
    if (node.type === 'Identifier' && this.isOwnFunction(node)) return;
    this.wrap(node, 'given', this.site(node, this.text(node)));
  }

  // ── Iterators and reads ───────────────────────────────────────────────────────────────────────────────────────────

  private iterated(node: Node): void {
    if (node.type !== 'ArrayExpression') this.wrap(node, 'iterated', this.site(node, this.text(node)));
  }

  private yielded(node: es.YieldExpression & Node): void {
    let owner: Node | undefined = node;
    while (owner !== undefined && !isFunction(owner)) owner = this.parents.get(owner);
    if (owner === undefined || !isFunction(owner)) return;
    const name = this.births.get(owner) ?? `${this.reporter}g${owner.start}`;
    if (node.delegate && node.argument) this.iterated(node.argument as Node);
    this.insertions.around(node, `${this.reporter}.yielded((`, `),${name},${this.site(node, 'yield')})`);
  }

  /** Reads of variables that a step may write first. */
  private read(node: es.Identifier & Node): void {
    const reference = this.references.get(node);
    const variable = reference?.resolved;
    if (reference === undefined || !variable || !reference.isRead() || reference.isWrite()) return;
    const tracked = this.tracked.get(variable);
    if (tracked === undefined || tracked.slot === NO_SLOT) return;
    const parent = this.parents.get(node);
    const shorthand = parent?.type === 'Property' && parent.shorthand ? `${node.name}:` : '';
    this.insertions.around(
      node,
      `${shorthand}(${this.reporter}.on&&${this.reporter}.read(${tracked.birth},${tracked.slot},${this.site(node, node.name)}),`,
      ')',
    );
  }

  // ── Variables ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Notes a variable that some function writes which did not declare it. */
  private track(variable: Variable): void {
    const home = variable.scope.variableScope;
    const block = home.block as Node;
    // What an asynchronous function writes after an `await`, it writes when the call that began it is long over.
    const isLate = isFunction(block) && block.async === true;
    const isWritten = variable.references.some(
      (reference) =>
        reference.isWrite() && reference.init !== true && (isLate || reference.from.variableScope !== home),
    );
    if (!isWritten) return;
    if (this.isShared(variable)) {
      this.tracked.set(variable, { slot: NO_SLOT, birth: `${this.reporter}.top` });
      return;
    }
    const { start, end } = paramsRange(block);
    const inParameters = variable.references.some(({ identifier }) => {
      const at = (identifier as Node).start;
      return at >= start && at < end && this.references.get(identifier as Node)?.from.variableScope !== home;
    });
    const hasBody = isFunction(block) && block.body.type === 'BlockStatement' && !inParameters;
    const plain = hasBody && (block.generator !== true || canTakeBirth(block));
    let birth = `${this.reporter}.top`;
    if (plain) {
      birth = this.births.get(block) ?? `${this.reporter}b${this.births.size}`;
      this.births.set(block, birth);
    }
    this.tracked.set(variable, { slot: this.tracked.size, birth });
  }

  private isShared({ scope }: Variable): boolean {
    return this.options.sharesTop && scope.block.type === 'Program';
  }

  /** A list that things are put into and that nobody looks at: `kept.push(…);` changes nothing that could be noticed. */
  private isOnlyFilled(variable: Variable): boolean {
    const [definition] = variable.defs;
    if (variable.defs.length !== 1 || definition?.type !== 'Variable' || this.isShared(variable)) return false;
    if (definition.node.init?.type !== 'ArrayExpression') return false;
    return variable.references.every(({ identifier, init }) => init === true || this.isFilling(identifier as Node));
  }

  private isFilling(name: Node): boolean {
    const member = this.parents.get(name);
    const call = member && this.parents.get(member);
    return (
      member?.type === 'MemberExpression' &&
      member.object === name &&
      keyText(member) === 'push' &&
      call?.type === 'CallExpression' &&
      call.callee === member &&
      this.parents.get(call)?.type === 'ExpressionStatement'
    );
  }

  private trackedWrite(node: es.Identifier & Node): Tracked | undefined {
    const reference = this.references.get(node);
    const variable = reference?.resolved;
    if (variable === undefined || variable === null)
      return reference === undefined ? undefined : { slot: NO_SLOT, birth: `${this.reporter}.top` };
    return this.tracked.get(variable);
  }

  private isGlobal(node: es.Identifier & Node): boolean {
    return this.references.has(node) && !this.references.get(node)?.resolved;
  }

  /** Never written after its declaration: naming it twice means the same twice. */
  private isConstant(node: es.Identifier & Node): boolean {
    const variable = this.references.get(node)?.resolved;
    if (!variable) return this.isGlobal(node) && !this.options.sharesTop;
    if (this.isShared(variable)) return false;
    return variable.references.every((reference) => !reference.isWrite() || reference.init === true);
  }

  /** Computing it twice does nothing twice. */
  private isStable(node: Node): boolean {
    if (node.type === 'ThisExpression' || node.type === 'Identifier') return true;
    if (node.type === 'SequenceExpression')
      return node.expressions.every((part) => part.type === 'Literal' || this.isStable(part as Node));
    return node.type === 'MemberExpression' && keyText(node) !== undefined && this.isOfModule(node.object as Node);
  }

  /** import_x, or a path from it: what `require` gave. */
  private isOfModule(node: Node): boolean {
    if (node.type === 'MemberExpression') return keyText(node) !== undefined && this.isOfModule(node.object as Node);
    return node.type === 'Identifier' && node.name.startsWith('import_') && this.isConstant(node);
  }

  /** A function or class of the script, under a name that means nothing else. */
  private isOwnFunction(node: es.Identifier & Node): boolean {
    const variable = this.references.get(node)?.resolved;
    if (!variable || !this.isConstant(node) || variable.defs.length !== 1) return false;
    const [definition] = variable.defs;
    if (definition?.type === 'FunctionName' || definition?.type === 'ClassName') return true;
    const init = definition?.type === 'Variable' ? definition.node.init : undefined;
    return !!init && (isFunction(init as Node) || init.type === 'ClassExpression');
  }

  // ── Text ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  private wrap(node: Node, report: string, ...more: readonly (string | number)[]): void {
    this.insertions.around(node, `${this.reporter}.${report}((`, `)${more.map((text) => `,${text}`).join('')})`);
  }

  /** The report, then the node. */
  private first(node: Node, report: string): void {
    this.insertions.around(node, `(${this.reporter}.on&&${report},`, ')');
  }

  private text(node: Node): string {
    return this.code.slice(node.start, node.end);
  }

  private site(node: es.Node, name: string): number {
    const { start } = node as Node;
    let line = 0;
    for (let high = this.lineStarts.length; high - line > 1;) {
      const middle = (line + high) >> 1;
      if ((this.lineStarts[middle] ?? Infinity) <= start) line = middle;
      else high = middle;
    }
    const readable = name
      .replace(/\(0, (import_\w+\.[\w.$]+)\)/g, '$1')
      .replace(/\bimport_\w+\.(?:default\.)?/g, '')
      .replace(/\s+/g, ' ');
    this.sites.push({ line: line + 1, column: start - (this.lineStarts[line] ?? 0), name: shortened(readable) });
    return this.options.firstSite + this.sites.length - 1;
  }

  private isInConstructor(node: Node): boolean {
    let owner: Node | undefined = node;
    while (owner !== undefined && !isFunction(owner)) owner = this.parents.get(owner);
    const method = owner && this.parents.get(owner);
    return method?.type === 'MethodDefinition' && method.kind === 'constructor';
  }

  private isInFunction(node: Node): boolean {
    for (let up = this.parents.get(node); up !== undefined; up = this.parents.get(up))
      if (isFunction(up) || up.type === 'PropertyDefinition' || up.type === 'StaticBlock') return true;
    return false;
  }

  /** Every node, a node before what is in it. */
  private visit(node: Node, see: (node: Node, parent?: Node) => void, parent?: Node): void {
    see(node, parent);
    for (const [key, value] of Object.entries(node) as [string, unknown][]) {
      if (key === 'loc' || key === 'extra' || key === 'range' || key.endsWith('Comments')) continue;
      // `{ a }` has one name in two roles; the value is what is read.
      if (key === 'key' && node.type === 'Property' && node.shorthand) continue;
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
        if (isNode(child)) this.visit(child, see, node);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** A generator whose parameters may be one more: not after a rest, nor where the body begins with a directive. */
function canTakeBirth(node: FunctionNode): boolean {
  const first = node.body.type === 'BlockStatement' ? node.body.body[0] : undefined;
  return node.params.at(-1)?.type !== 'RestElement' && !(first !== undefined && 'directive' in first);
}

/** The name of a field; undefined for what has to be computed, and for private names. */
function keyText({ computed, property }: es.MemberExpression): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** Everything that a pattern assigns. */
function targetsOf(node: Node): Node[] {
  const all = (list: readonly (es.Node | null)[]): Node[] =>
    list.flatMap((part) => (part === null ? [] : targetsOf(part as Node)));
  if (node.type === 'ArrayPattern') return all(node.elements);
  if (node.type === 'ObjectPattern') return all(node.properties);
  if (node.type === 'Property') return targetsOf(node.value as Node);
  if (node.type === 'AssignmentPattern') return targetsOf(node.left as Node);
  if (node.type === 'RestElement') return targetsOf(node.argument as Node);
  return [node];
}

/** A pattern of names only, without default values and computed keys. */
function isPlainPattern(node: Node): boolean {
  if (node.type === 'ArrayPattern') return node.elements.every((part) => part === null || isPlainPattern(part as Node));
  if (node.type === 'ObjectPattern') return node.properties.every((part) => isPlainPattern(part as Node));
  if (node.type === 'Property') return !node.computed && isPlainPattern(node.value as Node);
  if (node.type === 'RestElement') return isPlainPattern(node.argument as Node);
  return node.type === 'Identifier' || node.type === 'MemberExpression';
}

function paramsRange(node: Node): { readonly start: number; readonly end: number } {
  if (!isFunction(node) || node.params.length === 0) return { start: 0, end: 0 };
  return { start: (node.params[0] as Node).start, end: (node.params.at(-1) as Node).end };
}

const LONGEST = 50;
const shortened = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

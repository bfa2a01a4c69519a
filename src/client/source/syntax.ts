/** Reads a text with a real parser that goes on after many kinds of mistakes. */
import { parse, type ParserOptions } from '@babel/parser';
import type * as t from '@babel/types';
import { assemble, isExperimentCall, LAB_MODULE, type Names } from './assemble';
import { readCall } from './calls';
import type { Analysis, Call, Declaration, ExperimentCall } from './analysis';
import { Lines, type Range } from './positions';

export const OPTIONS: ParserOptions = {
  sourceType: 'module',
  errorRecovery: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowUndeclaredExports: true,
  plugins: ['typescript', 'decorators'],
};

/** Undefined when the parser gives up. */
export function readSyntax(text: string): Analysis | undefined {
  let program: t.Program;
  try {
    program = parse(text, OPTIONS).program;
  } catch {
    return undefined; // unfinished code is the rule in an editor; the caller has another way
  }
  const lines = new Lines(text);
  const names = importedNames(program);
  const calls: Call[] = [];
  const byNode = new Map<t.Node, Call>();
  walk(program, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
    const call = readCall(node, text, lines);
    if (call === undefined) return;
    calls.push(call);
    byNode.set(node, call);
  });
  const declarations = program.body.flatMap((statement) => declarationsOf(statement, lines));
  const experiment = experimentOf(program, byNode, lines, names);
  return assemble(true, declarations, calls, experiment, names);
}

/** Visits every node, a node before what is in it. */
export function walk(node: t.Node, visit: (node: t.Node) => void): void {
  visit(node);
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === 'loc' || key === 'extra' || key.endsWith('Comments')) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) walk(child, visit);
  }
}

function isNode(value: unknown): value is t.Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function importedNames(program: t.Program): Names {
  const names = {
    experiment: new Set(['experiment']),
    datasets: new Set(['datasets']),
    layers: new Set<string>(),
    datasetFunctions: new Set<string>(),
  };
  walk(program, (node) => {
    if (node.type === 'ImportDeclaration' && node.source.value === LAB_MODULE) {
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ImportSpecifier') continue;
        const imported = nameOf(specifier.imported);
        if (imported === 'experiment') names.experiment.add(specifier.local.name);
        if (imported === 'datasets') names.datasets.add(specifier.local.name);
      }
    } else if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern') {
      const from = node.init?.type === 'MemberExpression' ? node.init.property : node.init;
      const owner = from?.type === 'Identifier' ? from.name : undefined;
      const target = owner === 'layers' ? names.layers : owner === 'datasets' ? names.datasetFunctions : undefined;
      for (const property of target === undefined ? [] : node.id.properties) {
        if (property.type === 'ObjectProperty' && property.value.type === 'Identifier')
          target?.add(property.value.name);
      }
    }
  });
  return names;
}

const nameOf = (node: t.Identifier | t.StringLiteral): string => (node.type === 'Identifier' ? node.name : node.value);

function declarationsOf(statement: t.Statement, lines: Lines): Declaration[] {
  const exports = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  const declaration = exports ? statement.declaration : statement;
  const comment = commentRange(statement, lines);
  const common = { exported: exports, range: rangeOf(statement, lines), ...(comment && { commentRange: comment }) };
  if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') {
    const { id, body } = declaration;
    if (!isNode(id)) return [];
    const kind = declaration.type === 'ClassDeclaration' ? 'class' : 'function';
    return [{ name: id.name, kind, ...common, nameRange: rangeOf(id, lines), bodyRange: rangeOf(body, lines) }];
  }
  if (declaration?.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id, init }): Declaration[] => {
    if (id.type !== 'Identifier') return [];
    const value = unwrapped(init);
    const isFunction = value?.type === 'ArrowFunctionExpression' || value?.type === 'FunctionExpression';
    const isClass = value?.type === 'ClassExpression';
    const body = isFunction || isClass ? value.body : init;
    return [
      {
        name: id.name,
        kind: isFunction ? 'function' : isClass ? 'class' : 'value',
        ...common,
        nameRange: lines.range(startOf(id), startOf(id) + id.name.length),
        ...(isNode(body) ? { bodyRange: rangeOf(body, lines) } : {}),
      },
    ];
  });
}

/** Without what only the type checker reads. */
function unwrapped(node: t.Expression | null | undefined): t.Expression | null | undefined {
  return node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression' ? unwrapped(node.expression) : node;
}

/** The experiment that is exported as the default, itself or by its name; else the first at the top level. */
function experimentOf(
  program: t.Program,
  calls: ReadonlyMap<t.Node, Call>,
  lines: Lines,
  names: Names,
): ExperimentCall | undefined {
  const found = new Map<string, ExperimentCall>();
  let first: ExperimentCall | undefined;
  let exportedName: string | undefined;
  const take = (node: t.Node | null | undefined, statement: t.Statement): ExperimentCall | undefined => {
    const call = isNode(node) ? calls.get(node) : undefined;
    if (call === undefined || !isExperimentCall(call, names)) return undefined;
    const experiment = { ...call, statementRange: rangeOf(statement, lines) };
    first ??= experiment;
    return experiment;
  };
  for (const statement of program.body) {
    const exported = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (exported?.type === 'VariableDeclaration') {
      for (const { id, init } of exported.declarations) {
        const experiment = take(unwrapped(init), statement);
        if (experiment !== undefined && id.type === 'Identifier') found.set(id.name, experiment);
      }
    } else if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (declaration.type === 'Identifier') exportedName = declaration.name;
      else if (declaration.type !== 'FunctionDeclaration' && declaration.type !== 'ClassDeclaration') {
        const experiment = take(
          declaration.type === 'TSDeclareFunction' ? undefined : unwrapped(declaration),
          statement,
        );
        if (experiment !== undefined) return experiment;
      }
    } else if (statement.type === 'ExpressionStatement') take(statement.expression, statement);
  }
  return (exportedName === undefined ? undefined : found.get(exportedName)) ?? first;
}

function commentRange(statement: t.Statement, lines: Lines): Range | undefined {
  const comments = statement.leadingComments ?? [];
  // Only those that no empty line parts from the statement: the others are about the file.
  let top = lines.position(startOf(statement)).line;
  let start: number | undefined;
  for (const comment of [...comments].reverse()) {
    if (comment.start === undefined || comment.end === undefined) break;
    if (lines.position(comment.end).line < top - 1) break;
    start = comment.start;
    top = lines.position(comment.start).line;
  }
  const end = comments.at(-1)?.end;
  return start === undefined || end === undefined ? undefined : lines.range(start, end);
}

const startOf = (node: t.Node): number => node.start ?? 0;
const rangeOf = (node: t.Node, lines: Lines): Range => lines.range(startOf(node), node.end ?? startOf(node));

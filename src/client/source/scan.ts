/** Finds by its looks what a parser that gave up cannot tell: names before brackets, words that begin declarations. */
import { assemble, isExperimentCall, type Names } from './assemble';
import type { Analysis, Call, Declaration } from './analysis';
import { Lines } from './positions';

const CALL = /(?<![\w$.])(?:new\s+)?([A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)\s*\(/g;
const NOT_CALLED = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'function', 'typeof', 'await']);
const DECLARATION = /^(export\s+(?:default\s+)?)?(?:async\s+)?(function\*?|const|let|var|class)\s+([A-Za-z_$][\w$]*)/gm;

const NAMES: Names = {
  experiment: new Set(['experiment']),
  datasets: new Set(['datasets']),
  layers: new Set(),
  datasetFunctions: new Set(),
};

export function scan(text: string): Analysis {
  const code = blankOut(text);
  const lines = new Lines(text);
  const calls = callsIn(code, lines);
  const call = calls.find((candidate) => isExperimentCall(candidate, NAMES));
  const start = call === undefined ? 0 : code.lastIndexOf('\n', call.range.start.offset - 1) + 1;
  const experiment = call && { ...call, statementRange: lines.range(start, call.range.end.offset) };
  return assemble(false, declarationsIn(code, lines), calls, experiment, NAMES);
}

/** Comments and the insides of strings as blanks of the same length. */
export function blankOut(text: string): string {
  const parts = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|`(?:\\[\s\S]|[^`\\])*`?/g;
  return text.replace(parts, (part) => part.replace(/[^\n]/g, ' '));
}

function callsIn(code: string, lines: Lines): Call[] {
  return [...code.matchAll(CALL)].flatMap((match): Call[] => {
    const written = match[1] ?? '';
    const callee = written.replace(/\s+/g, '');
    const name = callee.split('.').at(-1) ?? callee;
    if (NOT_CALLED.has(name) || /\bfunction\*?\s*$/.test(code.slice(0, match.index))) return [];
    const open = match.index + match[0].length - 1;
    const close = closing(code, open) ?? endOfLine(code, open);
    const first = match.index + match[0].indexOf(written);
    const nameEnd = first + written.length;
    return [
      {
        callee,
        name,
        range: lines.range(match.index, Math.min(close + 1, code.length)),
        calleeRange: lines.range(first, nameEnd),
        nameRange: lines.range(nameEnd - name.length, nameEnd),
        argumentsRange: lines.range(open + 1, close),
        fields: [],
        arguments: [],
      },
    ];
  });
}

function declarationsIn(code: string, lines: Lines): Declaration[] {
  return [...code.matchAll(DECLARATION)].map((match): Declaration => {
    const [whole, exported, word = '', name = ''] = match;
    const nameStart = match.index + whole.length - name.length;
    const end = endOfDeclaration(code, match.index + whole.length);
    const rest = code.slice(match.index + whole.length, end);
    const isFunction = word.startsWith('function') || /^[^=]*=\s*(?:async\s*)?(?:\(|[\w$]+\s*=>|function\b)/.test(rest);
    return {
      name,
      kind: word === 'class' ? 'class' : isFunction ? 'function' : 'value',
      exported: exported !== undefined,
      range: lines.range(match.index, end),
      nameRange: lines.range(nameStart, nameStart + name.length),
    };
  });
}

/** Up to the next line at the margin that does not close a bracket: good enough for code that is being typed. */
function endOfDeclaration(code: string, from: number): number {
  const next = /\n(?=[^\s)\]}])/g;
  next.lastIndex = from;
  const found = next.exec(code)?.index ?? code.length;
  return from + code.slice(from, found).trimEnd().length;
}

/** The bracket that closes the one at `open`. */
function closing(code: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    const character = code[at];
    if (character === '(' || character === '[' || character === '{') depth += 1;
    else if (character === ')' || character === ']' || character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

function endOfLine(code: string, from: number): number {
  const end = code.indexOf('\n', from);
  return end === -1 ? code.length : end;
}

import type ts from 'typescript';

/** A text that somebody is just writing has few open ends; a longer one is not tried. */
const LONGEST = 100_000;
const DEEPEST = 24;
const OPEN_TEXTS = ['', '`', '}`', '*/'];

/**
 * What ends the text of a cell, so that what comes behind it is at the top level: `;`, and where the cell is not finished the
 * braces, the template or the comment that it left open. Lists and parentheses TypeScript ends by itself at a semicolon.
 */
export function ending(typescript: typeof ts, text: string, kind: ts.ScriptKind): string {
  if (syntaxErrors(parse(typescript, text, kind)).length === 0 || text.length > LONGEST) return ';';
  for (let depth = 0; depth <= DEEPEST; depth++) {
    for (const open of OPEN_TEXTS) {
      const end = `${open};${'}'.repeat(depth)}`;
      const whole = `${text}\n${end}\n`;
      const last = parse(typescript, `${whole}export {};`, kind).statements.at(-1);
      if (last !== undefined && typescript.isExportDeclaration(last) && last.end === whole.length + 10) return end;
    }
  }
  return ';';
}

/** TypeScript keeps what the parser found beside the tree, without saying so in its declarations. */
export function syntaxErrors(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
}

function parse(typescript: typeof ts, text: string, kind: ts.ScriptKind): ts.SourceFile {
  return typescript.createSourceFile('cell', text, typescript.ScriptTarget.Latest, false, kind);
}

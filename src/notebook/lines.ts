/** A text as its lines and what ends each: `\n`, `\r\n` or `\r`, as Markdown and VS Code count them. */
export interface Lines {
  /** Without their ends. The last one is '' where the text ends with a line end. */
  readonly texts: readonly string[];
  /** One fewer than texts. */
  readonly ends: readonly string[];
}

const END = /\r\n|\n|\r/g;

export function linesOf(text: string): Lines {
  return { texts: text.split(/\r\n|\n|\r/), ends: text.match(END) ?? [] };
}

/** The end that most lines have; `\n` where there is none. */
export function commonEnd(ends: readonly string[]): string {
  const counts = new Map<string, number>([['\n', 0]]);
  for (const end of ends) counts.set(end, (counts.get(end) ?? 0) + 1);
  let common = '\n';
  for (const [end, count] of counts) if (count > (counts.get(common) ?? 0)) common = end;
  return common;
}

/** Nothing but spaces and tabs, which is what Markdown calls blank. */
export function isBlank(line: string): boolean {
  return /^[ \t]*$/.test(line);
}

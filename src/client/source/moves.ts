/** Where a stretch of text is after edits, for what is shown beside it. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One replacement, in offsets of the text before the edit it belongs to. */
export interface Change {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** The same stretch after the changes of one edit; undefined when something in it has changed. */
export function moved(span: Span, changes: readonly Change[]): Span | undefined {
  let shift = 0;
  for (const { offset, length, text } of changes) {
    if (offset >= span.end) continue;
    if (offset + length > span.start) return undefined;
    shift += text.length - length;
  }
  return shift === 0 ? span : { start: span.start + shift, end: span.end + shift };
}

/** Changes of a text. */

/** Offsets in the text as it was analysed; edits of one fix do not overlap. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Remedy {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** The text after a remedy. */
export function applied(text: string, edits: readonly Edit[]): string {
  const last = [...edits].sort((a, b) => b.start - a.start);
  return last.reduce((now, edit) => now.slice(0, edit.start) + edit.text + now.slice(edit.end), text);
}

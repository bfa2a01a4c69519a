/** A notebook with what its cells show, as it is exported: from an editor, or from a run in the terminal. */

export interface ShownCell {
  readonly kind: 'markdown' | 'code';
  readonly language: string;
  readonly text: string;
  /** Which execution it was, from 1; undefined: it has not been executed. */
  readonly order?: number;
  readonly outputs: readonly ShownOutput[];
}

export type ShownOutput =
  /** By MIME type, as in nbformat: text as a string, images as base64, JSON types as values. */
  | { readonly kind: 'show'; readonly items: Readonly<Record<string, unknown>> }
  | { readonly kind: 'stream'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly stack: string };

/** JSON types travel as values, all others as text or base64. */
export function isJson(mime: string): boolean {
  return /^application\/(?:.+\+)?json$/.test(mime);
}

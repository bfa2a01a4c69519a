/** What a notebook and its cells carry beside their text while an editor holds them: plain data, by names of ours. */
import type { Gap, Layout, Notebook } from './document';

type Metadata = Readonly<Record<string, unknown>>;

export function notebookMetadata({ head, eol }: Notebook): Metadata {
  return { ...(head === '' ? {} : { head }), ...(eol === '\n' ? {} : { eol }) };
}

export function headAndEol(metadata: Metadata): { readonly head: string; readonly eol: string } {
  const { head, eol } = metadata;
  return { head: typeof head === 'string' ? head : '', eol: isEnd(eol) ? eol : '\n' };
}

export function cellMetadata(layout: Layout | undefined): Metadata {
  return layout === undefined ? {} : { layout };
}

/** Of metadata that somebody else may have changed, what is right. */
export function layoutOf(metadata: Metadata): Layout | undefined {
  const { layout } = metadata;
  if (!isObject(layout)) return undefined;
  const { ends, open, close, hollow, marks, gap, key } = layout;
  return {
    ...(Array.isArray(ends) && ends.every(isEnd) ? { ends } : {}),
    ...(typeof open === 'string' && /^ {0,3}(?:`{3,}[^`\r\n]*|~{3,}[^\r\n]*)$/.test(open) ? { open } : {}),
    ...(close === null || (typeof close === 'string' && /^ {0,3}(?:`{3,}|~{3,})[ \t]*$/.test(close)) ? { close } : {}),
    ...(hollow === true ? { hollow } : {}),
    ...(typeof marks === 'string' && /^\uFEFF+$/.test(marks) ? { marks } : {}),
    ...(isGap(gap) ? { gap } : {}),
    ...(typeof key === 'string' ? { key } : {}),
  };
}

function isGap(value: unknown): value is Gap {
  if (!isObject(value)) return false;
  const { text, before } = value;
  return typeof text === 'string' && /^[ \t\r\n]*$/.test(text) && (before === undefined || typeof before === 'string');
}

function isEnd(value: unknown): value is string {
  return value === '\n' || value === '\r\n' || value === '\r';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

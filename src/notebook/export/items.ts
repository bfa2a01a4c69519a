/** What an exported page shows of one output. */
import { escapeHtml } from './escape';
import { isJson } from './shown';

/** Of an output's items the richest that can be shown, as HTML; undefined where none can. */
export function htmlOfItems(items: Readonly<Record<string, unknown>>): string | undefined {
  const shown = Object.entries(items).flatMap(([mime, data]) => {
    const html = htmlOfItem(mime, data);
    return html === undefined ? [] : [{ richness: richness(mime), html }];
  });
  return shown.sort((a, b) => b.richness - a.richness)[0]?.html;
}

/** What needs no script. Undefined: another form has to be shown. */
export function htmlOfItem(mime: string, data: unknown): string | undefined {
  if (/^image\/(?:png|jpeg|gif|webp)$/.test(mime)) return typeof data === 'string' ? image(mime, data) : undefined;
  // As a picture, its scripts and links do nothing.
  if (mime === 'image/svg+xml' && typeof data === 'string') return image(mime, Buffer.from(data).toString('base64'));
  if (mime === 'text/plain' && typeof data === 'string') return pre(data);
  return mime === 'application/json' ? pre(JSON.stringify(data, null, 2)) : undefined;
}

function richness(mime: string): number {
  if (mime.startsWith('image/')) return 3;
  if (isJson(mime) && mime !== 'application/json') return 4;
  return mime === 'text/plain' ? 1 : 2;
}

function image(mime: string, base64: string): string | undefined {
  const data = base64.replace(/\s/g, '');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(data) ? `<img alt="" src="data:${mime};base64,${data}">` : undefined;
}

export function pre(text: string, kind = 'text'): string {
  return `<pre class="${kind}">${escapeHtml(withoutCodes(text))}</pre>`;
}

/** Colours and other orders to a terminal. */
function withoutCodes(text: string): string {
  return text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

/** A notebook as one page that needs nothing else: no scripts, no network, no fonts; light or dark as its reader has it. */
import { createHash } from 'node:crypto';
import { escapeHtml } from './escape';
import { htmlOfItems, pre } from './items';
import { proseRenderer, type ProseOptions } from './markdown';
import type { ShownCell, ShownOutput } from './shown';

export interface PageOptions extends ProseOptions {
  /** Where no cell has a heading: the file's name. */
  readonly title: string;
  /** As in BCP 47: "en", "zh-CN". */
  readonly language: string;
}

export function toHtml(cells: readonly ShownCell[], options: PageOptions): string {
  const prose = proseRenderer(options);
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(options.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(titleOf(cells) ?? options.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${cells.map((cell) => (cell.kind === 'markdown' ? section('prose', prose(cell.text)) : codeOf(cell))).join('\n')}
</main>
</body>
</html>
`;
}

function titleOf(cells: readonly ShownCell[]): string | undefined {
  for (const { kind, text } of cells) {
    const [, title] = (kind === 'markdown' ? /^#[ \t]+(.*?)[ \t]*#*[ \t]*$/m.exec(text) : null) ?? [];
    if (title !== undefined && title !== '') return title.replace(/[*_`$]/g, '');
  }
  return undefined;
}

function codeOf({ text, language, order, outputs }: ShownCell): string {
  const number = order === undefined ? '' : `<span class="order">[${order}]</span>`;
  const code = `<pre class="code"><code class="language-${escapeHtml(language)}">${escapeHtml(text)}</code></pre>`;
  return section('cell', `${number}${code}${outputs.map(outputOf).join('')}`);
}

function outputOf(output: ShownOutput): string {
  switch (output.kind) {
    case 'stream':
      return pre(output.text, output.stream);
    case 'error':
      return pre(output.stack === '' ? `${output.name}: ${output.message}` : output.stack, 'error');
    case 'show': {
      const shown = htmlOfItems(output.items);
      return shown === undefined ? '' : `<div class="output">${shown}</div>`;
    }
  }
}

function section(kind: string, content: string): string {
  return `<section class="${kind}">${content}</section>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --code: #f4f5f7; --line: #d5d9de; --faint: #656d76; --link: #0969da; --error: #b31d28; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe3e8; --paper: #16181c; --code: #20242a; --line: #383e46; --faint: #9198a1; --link: #6cb2ff; --error: #ff8a80; } }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 48rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
a { color: var(--link); }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 .6em; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .3em .7em; }
blockquote { margin: 1em 0; padding-left: 1em; border-left: 3px solid var(--line); color: var(--faint); }
pre, code { font: .875rem/1.5 ui-monospace, SFMono-Regular, Consolas, monospace; }
pre { margin: 0; padding: .75rem 1rem; overflow-x: auto; }
code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
pre code { background: none; padding: 0; }
.prose > pre, pre.code { background: var(--code); border-radius: 6px; }
.cell { position: relative; margin: 1.25rem 0; }
.order { position: absolute; right: 100%; margin-right: .6rem; top: .75rem; color: var(--faint); font: .75rem/1.6 ui-monospace, monospace; }
.output { padding: .5rem 1rem; overflow-x: auto; }
.output pre { padding: 0; }
.stderr, .error { color: var(--error); }
.katex-block { overflow: auto hidden; padding: .2rem 0; text-align: center; }
.katex-error { color: var(--error); }
@media print { main { max-width: none; } pre { white-space: pre-wrap; } }
`;

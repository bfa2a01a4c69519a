/**
 * A notebook as one page that needs nothing else: no network, no fonts; light or dark as its reader has it. Its one script
 * draws the outputs of the lab from what stands in the page; without it they are text.
 */
import { createHash } from 'node:crypto';
import { DISPLAY_MIME, type Display } from '../../protocol/display';
import { EXPORTED_BLOCK, type ExportedOutputs, type RunMessage } from '../../protocol/output';
import { escapeHtml } from './escape';
import { htmlOfItems, pre } from './items';
import { proseRenderer, type ProseOptions } from './markdown';
import type { ShownCell, ShownOutput } from './shown';

export interface PageOptions extends ProseOptions {
  /** Where no cell has a heading: the file's name. */
  readonly title: string;
  /** As in BCP 47: "en", "zh-CN". */
  readonly language: string;
  /** What draws the outputs (`dist/webview/page.js`); undefined: they stay text. */
  readonly drawing?: Drawing;
}

export interface Drawing {
  readonly script: string;
  /** What is told of runs, by their folder. */
  readonly runs: ReadonlyMap<string, readonly RunMessage[]>;
  /** Translations for the script; undefined: English. */
  readonly bundle?: unknown;
}

export function toHtml(cells: readonly ShownCell[], options: PageOptions): string {
  const prose = proseRenderer(options);
  const { drawing, language } = options;
  const drawn = drawing === undefined ? undefined : new DrawnOutputs(drawing, language);
  const body = cells.map((cell) =>
    cell.kind === 'markdown' ? section('prose', prose(cell.text)) : codeOf(cell, drawn),
  );
  const script = drawn?.isNeeded === true ? drawing?.script : undefined;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
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
${body.join('\n')}
</main>
${script === undefined ? '' : `${drawn?.block ?? ''}\n<script>${script}</script>\n`}</body>
</html>
`;
}

/** As a policy names what stands in an element, to the last character. */
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The displays of a page, gathered for its script. */
class DrawnOutputs {
  private readonly displays: Display[] = [];
  private readonly runs: Record<string, readonly RunMessage[]> = {};

  constructor(
    private readonly drawing: Drawing,
    private readonly language: string,
  ) {}

  get isNeeded(): boolean {
    return this.displays.length > 0;
  }

  /** Where in the list it is. Neither folders of this machine nor handles of its kernel leave it. */
  add(display: Display): number {
    return this.displays.push(this.withoutPlaces(display)) - 1;
  }

  /** Data that no browser takes for a script; nothing in it can end its element. */
  get block(): string {
    const { displays, runs, language, drawing } = this;
    const { bundle } = drawing;
    const data: ExportedOutputs = { displays, runs, language, ...(bundle === undefined ? {} : { bundle }) };
    const json = JSON.stringify(data).replace(/</g, '\\u003c');
    return `<script type="application/json" id="${EXPORTED_BLOCK}">${json}</script>`;
  }

  private withoutPlaces(display: Display): Display {
    if (display.kind === 'run') {
      const name = `run-${this.displays.length}`;
      this.runs[name] = this.drawing.runs.get(display.folder) ?? [];
      return { ...display, folder: name };
    }
    return Object.fromEntries(Object.entries(display).filter(([key]) => key !== 'handle')) as unknown as Display;
  }
}

function titleOf(cells: readonly ShownCell[]): string | undefined {
  for (const { kind, text } of cells) {
    const [, title] = (kind === 'markdown' ? /^#[ \t]+(.*?)[ \t]*#*[ \t]*$/m.exec(text) : null) ?? [];
    if (title !== undefined && title !== '') return title.replace(/[*_`$]/g, '');
  }
  return undefined;
}

function codeOf({ text, language, order, outputs }: ShownCell, drawn: DrawnOutputs | undefined): string {
  const number = order === undefined ? '' : `<span class="order">[${order}]</span>`;
  const code = `<pre class="code"><code class="language-${escapeHtml(language)}">${escapeHtml(text)}</code></pre>`;
  return section('cell', `${number}${code}${outputs.map((output) => outputOf(output, drawn)).join('')}`);
}

function outputOf(output: ShownOutput, drawn: DrawnOutputs | undefined): string {
  switch (output.kind) {
    case 'stream':
      return pre(output.text, output.stream);
    case 'error':
      return pre(output.stack === '' ? `${output.name}: ${output.message}` : output.stack, 'error');
    case 'show': {
      const { items } = output;
      const display = items[DISPLAY_MIME];
      const index = drawn === undefined || !isDisplay(display) ? undefined : drawn.add(display);
      const place = index === undefined ? '' : ` data-output="${index}"`;
      const shown = htmlOfItems(items);
      return shown === undefined && index === undefined ? '' : `<div class="shown"${place}>${shown ?? ''}</div>`;
    }
  }
}

/** An output may come from elsewhere; the views look at what is in it, and what they cannot draw stays text. */
function isDisplay(item: unknown): item is Display {
  return typeof item === 'object' && item !== null && 'kind' in item && typeof item.kind === 'string';
}

function section(kind: string, content: string): string {
  return `<section class="${kind}">${content}</section>`;
}

/** The variables of VS Code's themes that the outputs are coloured by have the page's own colours. */
const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1f2328; --paper: #ffffff; --code: #f4f5f7; --line: #d5d9de; --faint: #656d76; --link: #0969da; --error: #b31d28;
  --vscode-charts-blue: #1a6fc4; --vscode-charts-orange: #c25e00; --vscode-charts-green: #3a7d34; --vscode-charts-purple: #7d4fb8; --vscode-charts-red: #c4314b; --vscode-charts-yellow: #9a7a00;
  --vscode-debugTokenExpression-name: #8a3fa0; --vscode-debugTokenExpression-string: #a31515; --vscode-debugTokenExpression-number: #0b7a4b; --vscode-debugTokenExpression-boolean: #0451a5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #dfe3e8; --paper: #16181c; --code: #20242a; --line: #383e46; --faint: #9198a1; --link: #6cb2ff; --error: #ff8a80;
    --vscode-charts-blue: #4da3ff; --vscode-charts-orange: #f0883e; --vscode-charts-green: #7cc576; --vscode-charts-purple: #bd93f9; --vscode-charts-red: #ff6b81; --vscode-charts-yellow: #e3c04f;
    --vscode-debugTokenExpression-name: #d7a1e8; --vscode-debugTokenExpression-string: #e8a27c; --vscode-debugTokenExpression-number: #a8d8a0; --vscode-debugTokenExpression-boolean: #7db8ff;
  }
}
:root {
  --vscode-editor-background: var(--paper); --vscode-foreground: var(--ink); --vscode-icon-foreground: var(--ink); --vscode-descriptionForeground: var(--faint);
  --vscode-focusBorder: var(--link); --vscode-panel-border: var(--line); --vscode-widget-border: var(--line); --vscode-progressBar-background: var(--link);
  --vscode-editorWidget-background: var(--code); --vscode-editorHoverWidget-background: var(--code); --vscode-editorHoverWidget-foreground: var(--ink); --vscode-editorHoverWidget-border: var(--line);
  --vscode-input-background: var(--code); --vscode-input-foreground: var(--ink); --vscode-input-border: var(--line); --vscode-settings-checkboxBorder: var(--line);
  --vscode-button-secondaryBackground: var(--code); --vscode-button-secondaryForeground: var(--ink); --vscode-button-secondaryHoverBackground: var(--line); --vscode-button-border: var(--line);
  --vscode-toolbar-hoverBackground: var(--line); --vscode-list-hoverBackground: var(--code);
  --vscode-inputOption-activeBackground: var(--line); --vscode-inputOption-activeForeground: var(--ink); --vscode-inputOption-activeBorder: var(--link);
  --vscode-font-family: system-ui, sans-serif; --vscode-font-size: 14px; --vscode-editor-font-family: ui-monospace, SFMono-Regular, Consolas, monospace; --vscode-editor-font-size: 13px;
}
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 48rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
.prose a { color: var(--link); }
.prose :is(h1, h2, h3) { line-height: 1.25; margin: 1.6em 0 .6em; }
img { max-width: 100%; height: auto; }
.prose table { border-collapse: collapse; }
.prose :is(th, td) { border: 1px solid var(--line); padding: .3em .7em; }
.prose blockquote { margin: 1em 0; padding-left: 1em; border-left: 3px solid var(--line); color: var(--faint); }
pre, code { font: .875rem/1.5 ui-monospace, SFMono-Regular, Consolas, monospace; }
pre { margin: 0; padding: .75rem 1rem; overflow-x: auto; }
.prose code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
.prose pre code { background: none; padding: 0; }
.prose > pre, pre.code { background: var(--code); border-radius: 6px; }
.cell { position: relative; margin: 1.25rem 0; }
.order { position: absolute; right: 100%; margin-right: .6rem; top: .75rem; color: var(--faint); font: .75rem/1.6 ui-monospace, monospace; }
.shown { padding: .5rem 1rem; overflow-x: auto; }
.shown > pre { padding: 0; }
.stderr, .error { color: var(--error); }
.katex-block { overflow: auto hidden; padding: .2rem 0; text-align: center; }
.katex-error { color: var(--error); }
@media print { main { max-width: none; } pre { white-space: pre-wrap; } }
`;

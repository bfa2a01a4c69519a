/** Prose as HTML that is safe in a page: Markdown with formulas, rendered as VS Code does, but MathML and without fonts. */
import katex from '@vscode/markdown-it-katex';
import MarkdownIt from 'markdown-it';
import { escapeHtml } from './escape';

export interface ProseOptions {
  /** A picture beside the notebook as a data URI; undefined: there is none, and its text is shown. */
  readonly picture?: (source: string) => string | undefined;
}

/** Of HTML in the Markdown these tags stay, where they have no attributes; all others are shown as text. */
const TAGS =
  /^<\/?(?:b|br|center|code|del|details|div|em|hr|i|ins|kbd|mark|p|s|small|span|strong|sub|summary|sup|u)\s*\/?>$/i;

export function proseRenderer({ picture = () => undefined }: ProseOptions): (text: string) => string {
  const markdown = new MarkdownIt({ html: true, linkify: true });
  // The types of the plugin do not know the options of KaTeX that it hands on.
  markdown.use(katex, { output: 'mathml', throwOnError: false } as object);
  const { rules } = markdown.renderer;
  rules.html_block = rules.html_inline = (tokens, index) => safe(tokens[index]?.content ?? '');
  rules.image = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token === undefined) return '';
    const text = self.renderInlineAsText(token.children ?? [], options, env);
    const source = decoded(token.attrGet('src') ?? '');
    const data = source.startsWith('data:image/') ? source : picture(source);
    return data === undefined
      ? `<em>${escapeHtml(text)}</em>`
      : `<img alt="${escapeHtml(text)}" src="${escapeHtml(data)}">`;
  };
  return (text) => markdown.render(text);
}

function safe(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .split(/(<[^<>]*>)/)
    .map((part) => (TAGS.test(part) ? part : escapeHtml(part)))
    .join('');
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

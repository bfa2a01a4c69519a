/** The document of a page of the lab: no inline script, nothing from anywhere but the extension. Free of `vscode`. */
import { L10N_ELEMENT, PAGE_ELEMENT } from '../../protocol/panel';

export interface PageParts {
  /** The webview's own source for content policies. */
  readonly cspSource: string;
  /** Fresh for each document. */
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** VS Code's display language. */
  readonly language: string;
  /** Translations for `@vscode/l10n`; undefined in English. */
  readonly bundle: unknown;
}

export function pageHtml({ cspSource, nonce, script, style, language, bundle }: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const contents = bundle === undefined ? '' : JSON.stringify(bundle);
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta id="${L10N_ELEMENT}" data-contents="${attribute(contents)}">
<title>Deep Learning Lab</title>
<link rel="stylesheet" nonce="${nonce}" href="${attribute(style)}">
</head>
<body>
<div id="${PAGE_ELEMENT}"></div>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

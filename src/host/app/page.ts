import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { App } from './app';
import { pageHtml } from './pageHtml';

/** Makes a panel show one of the lab's pages, by the name of its script and style in dist/webview. */
export function fillPage({ extension, locale }: App, panel: vscode.WebviewPanel, name: 'panel' | 'value'): void {
  const dist = vscode.Uri.joinPath(extension, 'dist', 'webview');
  const at = (file: string): string => panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', `panel-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
  panel.webview.html = pageHtml({
    cspSource: panel.webview.cspSource,
    nonce: randomUUID(),
    script: at(`${name}.js`),
    style: at(`${name}.css`),
    language: locale,
    bundle: vscode.l10n.bundle,
  });
}

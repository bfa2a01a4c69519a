/**
 * The live panel's page. It runs under this policy, without any 'unsafe-…':
 *
 *   default-src 'none'; script-src 'nonce-…'; style-src ${webview.cspSource}; font-src ${webview.cspSource}; img-src 'none'
 *
 * Styles come from panel.css alone; the toolkit brings its own as constructed style sheets, which the policy does not
 * touch. The host's page holds <div id="app"></div>, the translations in the element L10N_ELEMENT (a script of type
 * application/json is data, which no policy blocks), and VS Code's display language in <html lang>.
 */
import './styles/panel.css';
import { startApp } from './app';
import { configureL10n } from './l10n';
import { registerToolkit } from './toolkit';
import { vscode } from './vscodeApi';

function report(fault: unknown): void {
  const message = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  vscode.postMessage({ type: 'fault', message });
}

window.addEventListener('error', (event) => {
  report(event.error ?? event.message);
});
window.addEventListener('unhandledrejection', (event) => {
  report(event.reason);
});

configureL10n(document);
registerToolkit();
const root = document.getElementById('app');
if (root === null) report('The page has no element with the id "app".');
else startApp(root);

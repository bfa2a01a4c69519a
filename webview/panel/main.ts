/**
 * The live panel's page. It runs under a policy without any 'unsafe-…', which comes with the document from
 * src/host/app/pageHtml.ts.
 *
 * Styles come from panel.css alone; the toolkit brings its own as constructed style sheets, which the policy does not
 * touch, and one <style> with the script's nonce (nonce.ts). Pictures are drawn on canvases.
 */
import './nonce';
import { PAGE_ELEMENT } from '../../src/protocol/panel';
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
const root = document.getElementById(PAGE_ELEMENT);
if (root === null) report(`The page has no element with the id ${PAGE_ELEMENT}.`);
else startApp(root);

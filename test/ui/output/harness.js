// The renderer in a page that is not VS Code's: it is given elements, and messages go to and fro as VS Code carries them: as JSON.
import { DISPLAY_MIME } from '../../../src/protocol/display';
import { activate } from '../../../webview/output/main';

const listeners = [];
const elements = new Map();
const harness = {
  /** What the outputs asked for. */
  posted: [],
  violations: [],
  faults: [],
  async send(message) {
    for (const listener of listeners) listener(JSON.parse(JSON.stringify(message)));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  },
  async show(id, display) {
    let element = elements.get(id);
    if (element === undefined) {
      element = document.createElement('div');
      element.dataset.output = id;
      document.querySelector('#app').append(element);
      elements.set(id, element);
    }
    const item = {
      id,
      mime: DISPLAY_MIME,
      json: () => JSON.parse(JSON.stringify(display)),
      text: () => JSON.stringify(display),
    };
    await renderer.renderOutputItem(item, element);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  },
  remove(id) {
    renderer.disposeOutputItem(id);
    elements.get(id)?.remove();
    elements.delete(id);
  },
  theme({ variables, classes }) {
    document.documentElement.removeAttribute('style');
    document.body.className = classes;
    document.body.style.setProperty('background', 'var(--vscode-editor-background)');
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
  },
};
document.addEventListener('securitypolicyviolation', (event) => {
  harness.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
addEventListener('error', (event) => harness.faults.push(String(event.error?.stack ?? event.message)));
addEventListener('unhandledrejection', (event) => harness.faults.push(String(event.reason?.stack ?? event.reason)));
const renderer = activate({
  postMessage: (message) => harness.posted.push(JSON.parse(JSON.stringify(message))),
  onDidReceiveMessage: (listener) => listeners.push(listener),
});
globalThis.harness = harness;

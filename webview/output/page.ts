/** The outputs on an exported page: drawn from what stands in it, with nobody to ask for more. */
import * as l10n from '@vscode/l10n';
import { EXPORTED_BLOCK, type ExportedOutputs } from '../../src/protocol/output';
import { setLocale } from '../../src/words/numbers';
import { Outputs } from './outputs';
import type { OutputHost } from './view';

const block = document.getElementById(EXPORTED_BLOCK)?.textContent ?? '';
const { displays, runs, bundle, language } = JSON.parse(block) as ExportedOutputs;
if (bundle !== undefined) l10n.config({ contents: JSON.stringify(bundle) });
setLocale(language);

const host: OutputHost = {
  attended: false,
  post: () => undefined,
  readPage: () => Promise.resolve(undefined),
  follow: (folder, listener) => {
    queueMicrotask(() => {
      for (const message of runs[folder] ?? []) listener(message);
    });
    return () => undefined;
  },
};

// The kit knows the kind of theme as VS Code tells it.
const dark = matchMedia('(prefers-color-scheme: dark)');
const dress = (): void => {
  document.body.classList.toggle('vscode-light', !dark.matches);
};
dress();
dark.addEventListener('change', dress);

const outputs = new Outputs(host);
for (const element of document.querySelectorAll<HTMLElement>('[data-output]')) {
  const id = element.dataset['output'] ?? '';
  const display = displays[Number(id)];
  const text = [...element.childNodes];
  try {
    if (display !== undefined) outputs.show(id, display, element);
  } catch {
    // What cannot be drawn stays text.
    outputs.remove(id);
    element.replaceChildren(...text);
  }
}

/**
 * The renderer of the lab's outputs in a notebook, as VS Code loads it: a module that exports `activate`. Everything that
 * is drawn stands in elements that VS Code gives; what it needs of the window it asks for by messages.
 */
import * as l10n from '@vscode/l10n';
import { DISPLAY_MIME, type Display, type Page } from '../../src/protocol/display';
import type { HostToOutput, OutputToHost, RunMessage } from '../../src/protocol/output';
import { setLocale } from '../../src/words/numbers';
import { Outputs } from './outputs';
import type { OutputHost } from './view';

/** Of VS Code's renderer API, what is used: `@types/vscode-notebook-renderer` has the whole of it. */
interface RendererContext {
  readonly postMessage?: (message: OutputToHost) => void;
  readonly onDidReceiveMessage?: (listener: (message: HostToOutput) => void) => unknown;
}
interface OutputItem {
  readonly id: string;
  readonly mime: string;
  json(): unknown;
  text(): string;
}

/** How long an output waits for its texts: without a window that answers it is drawn in English. */
const TEXTS_MS = 1500;

export function activate(context: RendererContext): {
  renderOutputItem(item: OutputItem, element: HTMLElement): Promise<void>;
  disposeOutputItem(id?: string): void;
} {
  const pages = new Map<number, (page: Page) => void>();
  const listeners = new Map<string, Set<(message: RunMessage) => void>>();
  const post = (message: OutputToHost): void => context.postMessage?.(message);
  const texts = new Promise<void>((resolve) => {
    if (context.postMessage === undefined) resolve();
    setTimeout(resolve, TEXTS_MS);
    context.onDidReceiveMessage?.((message) => {
      switch (message.type) {
        case 'texts':
          if (message.bundle !== undefined) l10n.config({ contents: JSON.stringify(message.bundle) });
          setLocale(message.language);
          resolve();
          return;
        case 'page':
          pages.get(message.request)?.(message.page);
          pages.delete(message.request);
          return;
        case 'run':
          for (const listener of listeners.get(message.folder) ?? []) listener(message.message);
      }
    });
    post({ type: 'ready' });
  });
  let requests = 0;
  const host: OutputHost = {
    attended: true,
    post,
    readPage: (handle, from, count) =>
      new Promise((resolve) => {
        const request = ++requests;
        pages.set(request, resolve);
        post({ type: 'page', request, handle, from, count });
      }),
    follow: (folder, listener) => {
      const all = listeners.get(folder) ?? new Set();
      listeners.set(folder, all.add(listener));
      // The window answers with everything from the beginning, to all that follow.
      post({ type: 'follow', folder });
      return () => {
        all.delete(listener);
        if (all.size === 0) post({ type: 'unfollow', folder });
      };
    },
  };
  const outputs = new Outputs(host);
  return {
    renderOutputItem: async (item, element) => {
      await texts;
      if (item.mime === DISPLAY_MIME) outputs.show(item.id, item.json() as Display, element);
    },
    disposeOutputItem: (id) => {
      outputs.remove(id);
    },
  };
}

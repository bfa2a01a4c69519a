/** A page of its own for one value: as a cell shows it, by the same renderer. */
import { html, nothing, render } from 'lit-html';
import { DISPLAY_MIME, TEXT_MIME } from '../../src/protocol/display';
import type { CellOutput } from '../../src/protocol/kernel';
import type { HostToValue, OutputToHost } from '../../src/protocol/output';
import { PAGE_ELEMENT } from '../../src/protocol/panel';
import { activate } from './main';
import './value.css';

declare function acquireVsCodeApi(): { postMessage(message: OutputToHost): void };

const vscode = acquireVsCodeApi();
const page = document.getElementById(PAGE_ELEMENT) ?? document.body;
const value = document.createElement('div');
/** Which value is drawn: of another one nothing is kept. */
let drawn: string | undefined;

const renderer = activate({
  postMessage: (message) => {
    vscode.postMessage(message);
  },
  onDidReceiveMessage: (listener) => {
    window.addEventListener('message', ({ data }: MessageEvent<HostToValue>) => {
      if (data.type !== 'value') listener(data);
    });
  },
});

window.addEventListener('message', ({ data }: MessageEvent<HostToValue>) => {
  if (data.type !== 'value') return;
  const { label, problem, output } = data;
  render(
    html`<h1>${label}</h1>
      <p role="status" class="problem">${problem ?? nothing}</p>
      ${value}`,
    page,
  );
  if (output !== undefined) draw(output);
});

function draw({ id, items }: CellOutput): void {
  const picture = Object.keys(items).find((mime) => mime.startsWith('image/'));
  const isDisplay = DISPLAY_MIME in items;
  if (drawn !== undefined && (drawn !== id || !isDisplay)) {
    renderer.disposeOutputItem(drawn);
    value.replaceChildren();
  }
  drawn = id;
  if (isDisplay) {
    const item = { id, mime: DISPLAY_MIME, json: () => items[DISPLAY_MIME], text: () => JSON.stringify(items) };
    void renderer.renderOutputItem(item, value);
  } else value.replaceChildren(picture === undefined ? asText(items) : asPicture(picture, String(items[picture])));
}

function asText(items: CellOutput['items']): HTMLElement {
  const text = document.createElement('pre');
  text.textContent = String(items[TEXT_MIME]);
  return text;
}

function asPicture(mime: string, data: string): HTMLElement {
  const image = document.createElement('img');
  image.alt = '';
  image.src = mime === 'image/svg+xml' ? `data:${mime},${encodeURIComponent(data)}` : `data:${mime};base64,${data}`;
  return image;
}

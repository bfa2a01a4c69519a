/** The outputs on the page, each by the id that VS Code gives it. */
import * as l10n from '@vscode/l10n';
import type { Display, DisplayKind } from '../../src/protocol/display';
import { mount, type Mounted } from '../kit/mount';
import { styleSheet } from './styles';
import type { OutputHost, OutputView } from './view';
import { ControlView } from './views/control';
import { DatasetView } from './views/dataset';
import { FigureView } from './views/figure';
import { LayersView } from './views/layers';
import { ModelView } from './views/model';
import { ImageView, InsideView } from './views/picture';
import { RunView } from './views/run';
import { TableView } from './views/table';
import { TensorView } from './views/tensor';
import { TreeView } from './views/tree';

const VIEWS: { readonly [K in DisplayKind]: (host: OutputHost) => OutputView<K> } = {
  tensor: (host) => new TensorView(host),
  model: () => new ModelView(),
  dataset: () => new DatasetView(),
  table: (host) => new TableView(host),
  figure: () => new FigureView(),
  picture: () => new InsideView(),
  image: () => new ImageView(),
  layers: () => new LayersView(),
  tree: () => new TreeView(),
  control: (host) => new ControlView(host),
  run: (host) => new RunView(host),
};

interface Shown {
  readonly kind: DisplayKind;
  readonly place: HTMLElement;
  readonly view: OutputView<DisplayKind>;
  readonly mounted: Mounted;
  display: Display;
}

export class Outputs {
  readonly #shown = new Map<string, Shown>();

  constructor(private readonly host: OutputHost) {}

  /** Shows a display in an element of the page; what is shown there already stays where it is of the same kind. */
  show(id: string, display: Display, element: HTMLElement): void {
    if (!Object.hasOwn(VIEWS, display.kind)) {
      element.textContent = l10n.t('This output was made by another version of the lab: run the cell again.');
      return;
    }
    const known = this.#shown.get(id);
    if (known?.kind === display.kind && element.contains(known.place)) {
      known.display = display;
      known.view.draw(display, known.mounted.theme);
      return;
    }
    this.remove(id);
    const place = document.createElement('div');
    place.className = 'output';
    place.dataset['kind'] = display.kind;
    element.replaceChildren(place);
    const mounted = mount(place, (theme) => {
      const shown = this.#shown.get(id);
      shown?.view.draw(shown.display, theme);
    });
    adopt(place);
    // The list ties each kind to its view; a kind that is only known at run time cannot express it.
    const view = VIEWS[display.kind](this.host) as unknown as OutputView<DisplayKind>;
    place.append(view.element);
    this.#shown.set(id, { kind: display.kind, place, view, mounted, display });
    view.draw(display, mounted.theme);
  }

  /** Undefined: all of them. */
  remove(id?: string): void {
    for (const [known, { view, mounted, place }] of this.#shown) {
      if (id !== undefined && known !== id) continue;
      view.dispose?.();
      mounted.dispose();
      place.remove();
      this.#shown.delete(known);
    }
  }
}

function adopt(place: HTMLElement): void {
  const root = place.getRootNode();
  if (!(root instanceof Document || root instanceof ShadowRoot)) throw new Error('The element is in no page.');
  const sheet = styleSheet();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}

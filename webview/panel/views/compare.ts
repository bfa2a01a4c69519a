/** Earlier runs of the same working copy, to be laid over the curves; the list is their legend as well. */
import * as l10n from '@vscode/l10n';
import { MOST_OVERLAYS, type PanelRun } from '../../../src/protocol/panel';
import { lineLook } from '../../kit/charts/looks';
import { createSwatch } from '../../kit/charts/swatch';
import { h, setHidden } from '../../kit/dom/elements';
import { runFacts, runName } from '../../kit/text/runs';
import { stateLook } from '../../kit/text/states';
import type { Theme } from '../../kit/theme/theme';
import type { Choices } from '../state';
import { createCheckbox } from '../toolkit';
import type { Post } from '../vscodeApi';
import { createSection } from './section';
import type { Scene, View } from './view';

export class Compare implements View {
  readonly #list = h('ul', { class: 'overlays' });
  readonly #limit = h('p', {
    class: 'quiet',
    text: l10n.t('No more than {0} runs are laid over at a time.', MOST_OVERLAYS),
  });
  readonly #post: Post;
  readonly element: HTMLDetailsElement;
  #drawn = '';
  #laidOver: readonly string[] = [];
  /** What the user has chosen since the host last said what is shown: its answer takes a while. */
  #chosen: readonly string[] = [];

  constructor(choices: Choices, post: Post) {
    this.#post = post;
    this.element = createSection('compare', l10n.t('Compare With Earlier Runs'), choices, this.#list, this.#limit);
  }

  draw({ store, theme }: Scene): void {
    const foreground = store.foreground?.run.key;
    const runs = store.available.filter((run) => run.key !== foreground);
    setHidden(this.element, foreground === undefined || runs.length === 0);
    const key = JSON.stringify([
      runs.map(({ key: own, record }) => [own, record.state, record.latest]),
      store.shown,
      theme.series,
      theme.highContrast,
    ]);
    const before = this.#laidOver;
    this.#laidOver = store.shown;
    if (store.shown !== before) this.#chosen = store.shown;
    if (key === this.#drawn) return;
    this.#drawn = key;
    // What was just laid over is to be seen, whoever asked for it.
    if (store.shown.some((run) => !before.includes(run))) this.element.open = true;
    const focused = document.activeElement?.closest('[data-run]')?.getAttribute('data-run');
    const full = store.shown.length >= MOST_OVERLAYS;
    setHidden(this.#limit, !full);
    this.#list.replaceChildren(...runs.map((run) => this.#row(run, store.shown, full, theme)));
    if (focused !== null && focused !== undefined) {
      const row = [...this.#list.children].find((child) => child.getAttribute('data-run') === focused);
      row?.querySelector<HTMLElement>('vscode-checkbox')?.focus();
    }
  }

  #row(run: PanelRun, shown: readonly string[], full: boolean, theme: Theme): HTMLElement {
    const place = shown.indexOf(run.key) + 1;
    const name = h('span', {}, runName(run.record));
    const box = createCheckbox(name, (checked) => {
      const others = this.#chosen.filter((key) => key !== run.key);
      this.#chosen = checked ? [...others, run.key] : others;
      this.#post({ type: 'setOverlays', keys: this.#chosen });
    });
    box.checked = place > 0;
    box.disabled = full && place === 0;
    const legend = h('span', { class: 'overlay-swatch' });
    if (place > 0) legend.append(createSwatch(lineLook(theme, place, true)));
    return h(
      'li',
      { 'data-run': run.key },
      box.element,
      legend,
      h('span', { class: 'quiet', text: [stateLook(run.record.state).text, ...runFacts(run.record)].join(' · ') }),
    );
  }
}

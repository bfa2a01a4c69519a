/** Earlier runs of the same working copy, to be laid over the curves; the list is their legend as well. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { MOST_OVERLAYS, type PanelRun } from '../../../src/protocol/panel';
import { lineLook } from '../../kit/charts/looks';
import { swatch } from '../../kit/charts/swatch';
import { runFacts, runName } from '../../kit/text/runs';
import { stateLook } from '../../kit/text/states';
import type { Theme } from '../../kit/theme/theme';
import { checkbox } from '../toolkit';
import type { Post } from '../vscodeApi';
import { section } from './section';
import type { Scene, View } from './view';

const ID = 'compare';

export class Compare implements View {
  readonly #post: Post;
  #laidOver: readonly string[] = [];
  /** What the user has chosen since the host last said what is shown: its answer takes a while. */
  #chosen: readonly string[] = [];

  constructor(post: Post) {
    this.#post = post;
  }

  render({ store, choices, theme }: Scene): TemplateResult | typeof nothing {
    const { shown, available, foreground } = store;
    if (shown !== this.#laidOver) {
      // What was just laid over is to be seen, whoever asked for it.
      if (shown.some((run) => !this.#laidOver.includes(run))) choices.collapse(ID, false);
      this.#laidOver = this.#chosen = shown;
    }
    const runs = available.filter((run) => run.key !== foreground?.run.key);
    if (foreground === undefined || runs.length === 0) return nothing;
    return section(
      ID,
      l10n.t('Compare With Earlier Runs'),
      choices,
      html`<ul class="overlays">
          ${repeat(
            runs,
            (run) => run.key,
            (run) => this.#row(run, theme),
          )}
        </ul>
        ${this.#isFull ? html`<p class="quiet">${limitText()}</p>` : nothing}`,
    );
  }

  get #isFull(): boolean {
    return this.#chosen.length >= MOST_OVERLAYS;
  }

  #row({ key, record }: PanelRun, theme: Theme): TemplateResult {
    const place = this.#laidOver.indexOf(key) + 1;
    const isChosen = this.#chosen.includes(key);
    const box = checkbox({
      label: runName(record),
      checked: isChosen,
      disabled: this.#isFull && !isChosen,
      onChange: (checked) => {
        const others = this.#chosen.filter((other) => other !== key);
        this.#chosen = checked ? [...others, key] : others;
        this.#post({ type: 'setOverlays', keys: this.#chosen });
      },
    });
    return html`<li>
      ${box}
      <span class="overlay-swatch">${place > 0 ? swatch(lineLook(theme, place, true)) : nothing}</span>
      <span class="quiet">${[stateLook(record.state).text, ...runFacts(record)].join(' · ')}</span>
    </li>`;
  }
}

function limitText(): string {
  return l10n.t('No more than {0} runs are laid over at a time.', MOST_OVERLAYS);
}

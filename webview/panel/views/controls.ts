/** The buttons of a run, as in VS Code's debug toolbar, and its learning rate. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { createRef, ref } from 'lit-html/directives/ref.js';
import type { PanelCommand } from '../../../src/protocol/panel';
import { ACTIVE_STATES } from '../../../src/protocol/run';
import { LearningRate } from '../../kit/controls/learningRate';
import { focusedBeside } from '../../kit/dom/focus';
import { button, focusSoon } from '../toolkit';
import type { Post } from '../vscodeApi';
import type { Scene, View } from './view';

export interface Exports {
  readonly png: () => void;
  readonly csv: () => void;
}

interface Action {
  readonly name: string;
  readonly icon: string;
  readonly text: string;
  readonly able: boolean;
  readonly onClick: () => void;
}

/** Where the focus goes from a button that goes out of use: to the first of these that is of use. */
const NEXT = ['again', 'pause', 'stop', 'model'];

export class Controls implements View {
  readonly #post: Post;
  readonly #exports: Exports;
  readonly #rate: LearningRate;
  readonly #buttons = createRef();
  #actions: readonly Action[] = [];
  /** The button that had the focus before this drawing. */
  #focused: string | undefined;

  constructor(post: Post, exports: Exports) {
    this.#post = post;
    this.#exports = exports;
    this.#rate = new LearningRate((key, learningRate) => {
      post({ type: 'setLearningRate', key, learningRate });
    });
  }

  render(scene: Scene): TemplateResult | typeof nothing {
    this.#actions = this.#actionsOf(scene);
    this.#focused = this.#focusedButton();
    if (this.#actions.length === 0) return nothing;
    return html`<div class="controls">
      <div class="buttons" role="group" aria-label=${l10n.t('Run')} ${ref(this.#buttons)}>
        ${this.#actions.map(({ name, icon, text, able, onClick }) =>
          button({ name: `control-${name}`, icon, text, appearance: 'icon', disabled: !able, onClick }),
        )}
      </div>
      ${this.#rateOf(scene)}
    </div>`;
  }

  #rateOf({ store: { foreground, connection } }: Scene): TemplateResult | typeof nothing {
    return this.#rate.render(foreground?.run.key ?? '', foreground?.run.record, connection === 'attached');
  }

  drawn(): void {
    const isAble = (name: string): boolean => this.#actions.some((action) => action.name === name && action.able);
    if (this.#focused === undefined || isAble(this.#focused)) return;
    const next = NEXT.find(isAble);
    const element = this.#buttons.value?.querySelector<HTMLElement>(`.control-${next ?? ''}`);
    if (element) focusSoon(element);
  }

  #focusedButton(): string | undefined {
    const group = this.#buttons.value;
    const focused = group === undefined ? null : focusedBeside(group);
    return this.#actions.find(({ name }) => focused?.matches(`.control-${name}`))?.name;
  }

  #actionsOf({ store: { foreground, connection } }: Scene): Action[] {
    if (foreground === undefined) return [];
    const { record } = foreground.run;
    const { state } = record;
    const reachable = connection === 'attached';
    const paused = state === 'paused';
    const active = ACTIVE_STATES.has(state);
    const hasPoints = record.points > 0 || foreground.series.points > 0;
    const command = (name: PanelCommand) => (): void => {
      this.#post({ type: 'command', command: name });
    };
    return [
      {
        name: 'pause',
        icon: paused ? 'debug-continue' : 'debug-pause',
        text: paused ? l10n.t('Continue') : l10n.t('Pause'),
        able: reachable && (state === 'training' || paused),
        onClick: command(paused ? 'resume' : 'pause'),
      },
      {
        name: 'step',
        icon: 'debug-step-over',
        text: l10n.t('Single Step'),
        able: reachable && paused,
        onClick: command('step'),
      },
      { name: 'stop', icon: 'debug-stop', text: l10n.t('Stop'), able: active, onClick: command('stop') },
      { name: 'again', icon: 'debug-restart', text: l10n.t('Run Again'), able: !active, onClick: command('runLesson') },
      { name: 'model', icon: 'go-to-file', text: l10n.t('Open Model File'), able: true, onClick: command('openModel') },
      { name: 'log', icon: 'output', text: l10n.t('Show Log'), able: true, onClick: command('showLog') },
      {
        name: 'png',
        icon: 'device-camera',
        text: l10n.t('Export Charts as PNG'),
        able: hasPoints,
        onClick: this.#exports.png,
      },
      { name: 'csv', icon: 'table', text: l10n.t('Export Points as CSV'), able: hasPoints, onClick: this.#exports.csv },
    ];
  }
}

/** The buttons of a run, as in VS Code's debug toolbar, and its learning rate. */
import * as l10n from '@vscode/l10n';
import type { PanelCommand } from '../../../src/protocol/panel';
import { ACTIVE_STATES } from '../../../src/protocol/run';
import { h, setHidden } from '../../kit/dom/elements';
import { createButton, type Button } from '../toolkit';
import type { Post } from '../vscodeApi';
import { LearningRate } from './learningRate';
import type { Scene, View } from './view';

export interface Exports {
  readonly png: () => void;
  readonly csv: () => void;
}

export class Controls implements View {
  readonly #pause: Button;
  readonly #step: Button;
  readonly #stop: Button;
  readonly #again: Button;
  readonly #model: Button;
  readonly #log: Button;
  readonly #png: Button;
  readonly #csv: Button;
  readonly #rate: LearningRate;
  readonly element: HTMLElement;
  #paused = false;

  constructor(post: Post, exports: Exports) {
    const command = (name: PanelCommand) => () => {
      post({ type: 'command', command: name });
    };
    const iconButton = (icon: string, text: string, onClick: () => void): Button =>
      createButton({ icon, text, onClick, appearance: 'icon' });
    this.#pause = iconButton('debug-pause', l10n.t('Pause'), () => {
      post({ type: 'command', command: this.#paused ? 'resume' : 'pause' });
    });
    this.#step = iconButton('debug-step-over', l10n.t('Single Step'), command('step'));
    this.#stop = iconButton('debug-stop', l10n.t('Stop'), command('stop'));
    this.#again = iconButton('debug-restart', l10n.t('Run Again'), command('runLesson'));
    this.#model = iconButton('go-to-file', l10n.t('Open Model File'), command('openModel'));
    this.#log = iconButton('output', l10n.t('Show Log'), command('showLog'));
    this.#png = iconButton('device-camera', l10n.t('Export Charts as PNG'), exports.png);
    this.#csv = iconButton('table', l10n.t('Export Points as CSV'), exports.csv);
    this.#rate = new LearningRate(post);
    const names: readonly (readonly [Button, string])[] = [
      [this.#pause, 'pause'],
      [this.#step, 'step'],
      [this.#stop, 'stop'],
      [this.#again, 'again'],
      [this.#model, 'model'],
      [this.#log, 'log'],
      [this.#png, 'png'],
      [this.#csv, 'csv'],
    ];
    for (const [button, name] of names) button.element.classList.add(`control-${name}`);
    this.element = h(
      'div',
      { class: 'controls' },
      h(
        'div',
        { class: 'buttons', role: 'group', 'aria-label': l10n.t('Run') },
        ...names.map(([{ element }]) => element),
      ),
      this.#rate.element,
    );
  }

  draw(scene: Scene): void {
    const record = scene.store.foreground?.run.record;
    setHidden(this.element, record === undefined);
    if (record === undefined) return;
    const { state } = record;
    const reachable = scene.store.connection === 'attached';
    this.#paused = state === 'paused';
    this.#pause.look(
      this.#paused ? 'debug-continue' : 'debug-pause',
      this.#paused ? l10n.t('Continue') : l10n.t('Pause'),
    );
    const active = ACTIVE_STATES.has(state);
    this.#able(this.#pause, reachable && (state === 'training' || state === 'paused'));
    this.#able(this.#step, reachable && state === 'paused');
    this.#able(this.#stop, active);
    this.#able(this.#again, !active);
    const pointless = record.points === 0 && scene.store.foreground?.series.points === 0;
    this.#able(this.#png, !pointless);
    this.#able(this.#csv, !pointless);
    this.#rate.draw(scene);
  }

  /** A button that goes out of use must not take the focus with it. */
  #able(button: Button, able: boolean): void {
    const focused = document.activeElement === button.element;
    button.disabled = !able;
    if (!focused || able) return;
    // Once all buttons know whether they are of use.
    queueMicrotask(() => {
      const next = [this.#again, this.#pause, this.#stop, this.#model].find((other) => !other.disabled);
      next?.focus();
    });
  }
}

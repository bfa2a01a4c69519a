/** What runs, and how far it is: state, title, epoch, time left, engine. */
import * as l10n from '@vscode/l10n';
import { ACTIVE_STATES, type EngineInfo, type RunRecord } from '../../../src/protocol/run';
import { h, icon, setAttribute, setClass, setHidden, setText } from '../../kit/dom/elements';
import { count, duration, timeLeft } from '../../kit/text/format';
import { stateLook } from '../../kit/text/states';
import type { Scene, View } from './view';

export class Header implements View {
  readonly #stateIcon = icon('circle-filled');
  readonly #stateText = h('span');
  readonly #state = h('span', { class: 'state' }, this.#stateIcon, this.#stateText);
  readonly #title = h('h1');
  /** What the model file calls itself, where that is not the lesson's title. */
  readonly #subtitle = h('span', { class: 'quiet' });
  readonly #epoch = h('span', { class: 'number' });
  readonly #step = h('span', { class: 'number' });
  readonly #time = h('span', { class: 'number' });
  readonly #engine = h('span', { class: 'engine' });
  readonly #bar = h('div', { class: 'bar-fill' });
  readonly #progress = h(
    'div',
    { class: 'bar', role: 'progressbar', 'aria-label': l10n.t('Progress of the run'), 'aria-valuemin': 0 },
    this.#bar,
  );
  readonly element = h(
    'header',
    { class: 'run-header' },
    h('div', { class: 'title-line' }, h('div', { class: 'titles' }, this.#title, this.#subtitle), this.#engine),
    h('div', { class: 'facts' }, this.#state, this.#epoch, this.#step, this.#time),
    this.#progress,
  );

  draw({ store }: Scene): void {
    const record = store.foreground?.run.record;
    setHidden(this.element, record === undefined);
    if (record === undefined) return;
    const { progress, config, environment } = record;
    const look = stateLook(record.state);
    const spins = record.state === 'preparing' ? ' codicon-modifier-spin' : '';
    setClass(this.#stateIcon, `codicon codicon-${look.icon}${spins}`);
    setClass(this.#state, `state tone-${look.tone} state-${record.state}`);
    setText(this.#stateText, look.text);
    const title = store.lesson?.title ?? record.title;
    setText(this.#title, title);
    // A run that has not read its model file yet is called by the lesson's id.
    const named = record.title !== title && record.title !== record.lesson;
    setText(this.#subtitle, named ? record.title : '');
    setHidden(this.#subtitle, !named);
    setText(
      this.#epoch,
      config === undefined ? '' : l10n.t('epoch {0}/{1}', count(progress.epoch), count(config.epochs)),
    );
    setText(
      this.#step,
      progress.totalSteps === 0 ? '' : l10n.t('step {0}/{1}', count(progress.step), count(progress.totalSteps)),
    );
    setText(this.#time, timeText(record));
    setText(this.#engine, environment.engine === undefined ? '' : engineText(environment.engine));
    setAttribute(this.#engine, 'title', engineTitle(environment.engine));
    this.#drawBar(record);
  }

  #drawBar({ state, progress }: RunRecord): void {
    const share = progress.totalSteps === 0 ? 0 : progress.step / progress.totalSteps;
    setHidden(this.#progress, state === 'preparing');
    setClass(this.#progress, ACTIVE_STATES.has(state) ? 'bar' : 'bar bar-ended');
    this.#bar.style.transform = `scaleX(${share})`;
    setAttribute(this.#progress, 'aria-valuemax', String(progress.totalSteps));
    setAttribute(this.#progress, 'aria-valuenow', String(progress.step));
  }
}

function timeText({ state, progress }: RunRecord): string {
  if (state === 'training' && progress.secondsLeft !== null) return timeLeft(progress.secondsLeft);
  return progress.seconds > 0 ? duration(progress.seconds) : '';
}

function engineText(engine: EngineInfo): string {
  return l10n.t('TensorFlow {0} · {1}', engine.version, engine.kind);
}

function engineTitle(engine: EngineInfo | undefined): string | undefined {
  return engine === undefined ? undefined : `${engine.package}\n${engine.reason}`;
}

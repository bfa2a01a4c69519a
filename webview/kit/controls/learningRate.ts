/** The learning rate of a run while it trains: a slider over powers of ten, and a field for an exact number. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { RunRecord } from '../../../src/protocol/run';
import { short } from '../../../src/words/numbers';
import { focusedBeside } from '../dom/focus';
import { TextField } from './textField';

/** Powers of ten at the ends of the slider; it grows when the rate lies outside. */
const LOWEST = -6;
const HIGHEST = 0;
/** While the slider is dragged, the trainer is told at most this often. */
const SEND_MILLISECONDS = 120;

/** Slider and field change each other at once, so both are elements that are kept, not parts of a template. */
export class LearningRate {
  readonly #slider = document.createElement('input');
  readonly #field: TextField;
  readonly #send: (run: string, learningRate: number) => void;
  /** Run and rate of the record that was taken over last. */
  #heard = '';
  #dragging = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { readonly run: string; readonly learningRate: number } | undefined;
  /** The one that is shown. */
  #run = '';

  /** @param send what the user chose for a run */
  constructor(send: (run: string, learningRate: number) => void) {
    this.#send = send;
    this.#field = new TextField(l10n.t('Learning rate, number'), (text) => {
      this.#commit(text);
    });
    Object.assign(this.#slider, { type: 'range', className: 'rate-slider', min: LOWEST, max: HIGHEST, step: 0.05 });
    this.#slider.ariaLabel = l10n.t('Learning rate, slider by powers of ten');
    this.#slider.addEventListener('input', () => {
      this.#dragging = true;
      this.#choose(roundRate(10 ** Number(this.#slider.value)));
    });
    const release = (): void => {
      this.#dragging = false;
    };
    this.#slider.addEventListener('change', release);
    this.#slider.addEventListener('blur', release);
  }

  /**
   * @param run by which its owner knows it
   * @param reachable whether its trainer can be told
   */
  render(run: string, record: RunRecord | undefined, reachable: boolean): TemplateResult | typeof nothing {
    this.#run = run;
    // A run that failed before its model was built never had one.
    if (record?.config === undefined && record?.end !== undefined) return nothing;
    const able = reachable && (record?.state === 'training' || record?.state === 'paused');
    this.#slider.disabled = !able;
    this.#field.disabled = !able;
    this.#follow(record?.progress.learningRate);
    return html`<div class="rate" role="group" aria-label=${l10n.t('Learning rate')}>
      <span class="rate-label" aria-hidden="true">${l10n.t('Learning rate')}</span>
      ${this.#slider}${this.#field.element}
    </div>`;
  }

  #follow(rate: number | undefined): void {
    const editing = this.#field.element.contains(focusedBeside(this.#field.element));
    // Until the trainer has heard of what the user chose, records say the rate before: that is no news.
    const heard = `${this.#run} ${rate ?? ''}`;
    if (rate === undefined || heard === this.#heard || this.#dragging || editing || this.#waiting !== undefined) return;
    this.#heard = heard;
    this.#show(rate);
  }

  #show(rate: number): void {
    // Not known yet, or not the optimizer's to have.
    this.#field.value = rate > 0 ? short(rate) : '';
    this.#field.invalid('');
    const power = Math.log10(rate);
    if (!Number.isFinite(power)) return;
    this.#slider.min = String(Math.min(LOWEST, Math.floor(power)));
    this.#slider.max = String(Math.max(HIGHEST, Math.ceil(power)));
    this.#slider.value = String(power);
    this.#slider.ariaValueText = short(rate);
  }

  #choose(rate: number): void {
    this.#field.value = short(rate);
    this.#field.invalid('');
    this.#slider.ariaValueText = short(rate);
    // A rate belongs to the run that it was chosen for, whichever is shown when it is sent.
    this.#waiting = { run: this.#run, learningRate: rate };
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting !== undefined) this.#send(this.#waiting.run, this.#waiting.learningRate);
      this.#waiting = undefined;
    }, SEND_MILLISECONDS);
  }

  #commit(text: string): void {
    const rate = Number(text.trim().replace(',', '.'));
    if (text.trim() === '' || !Number.isFinite(rate) || rate <= 0) {
      this.#field.invalid(l10n.t('A number above 0 is needed, for example 0.001.'));
      return;
    }
    this.#show(rate);
    this.#send(this.#run, rate);
  }
}

/** Two significant digits: what a slider can mean. */
function roundRate(rate: number): number {
  return Number(rate.toPrecision(2));
}

/** What a language model writes after the learner's prompt, how it is drawn, and what it expects to follow the prompt. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { LabErrorData } from '../../../../src/protocol/errors';
import type { NextToken, SampledText, SamplingSettings } from '../../../../src/protocol/textPictures';
import { count, decimal, percent } from '../../../../src/words/numbers';
import { tokenName, tokenText } from '../../../../src/words/tokens';
import type { Theme } from '../../theme/theme';
import { block } from '../../dom/block';
import { cssVariables } from '../../dom/directives';
import { uniqueId } from '../../dom/ids';
import type { Ask, PictureView } from '../picture';
import { samplingSlider } from '../samplingSlider';
import { whenText } from '../when';

/** A slider that is dragged and a prompt that is typed are asked for at most this often. */
const ASK_MILLISECONDS = 300;
const HIGHEST_TEMPERATURE = 2;
const STEPS_OF_TOP_K = 100;

export class WritingView implements PictureView<'sampledText'> {
  readonly element = block('stack writing');
  readonly #ask: Ask | undefined;
  readonly #prompt = document.createElement('textarea');
  readonly #promptLabel = uniqueId('prompt');
  readonly #problem = uniqueId('problem');
  #data: SampledText | undefined;
  #refused: LabErrorData | undefined;
  /** What was chosen and is not drawn yet; what was drawn last is shown until then. */
  #chosen: SamplingSettings | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask?: Ask) {
    this.#ask = ask;
    this.#prompt.id = this.#promptLabel;
    this.#prompt.rows = 2;
    this.#prompt.spellcheck = false;
    this.#prompt.setAttribute('aria-describedby', this.#problem);
    this.#prompt.addEventListener('input', () => {
      this.#choose({ prompt: this.#prompt.value });
    });
  }

  draw(data: SampledText, _theme?: Theme, refused?: LabErrorData): void {
    const { settings } = data;
    // A picture with what was chosen before may still come: it does not move the controls back.
    if (this.#chosen !== undefined && (same(settings, this.#chosen) || !same(settings, this.#data?.settings)))
      this.#chosen = undefined;
    if (this.#chosen === undefined && this.#prompt.value !== settings.prompt) this.#prompt.value = settings.prompt;
    this.#data = data;
    this.#refused = refused;
    this.#render();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #render(): void {
    const data = this.#data;
    if (data === undefined) return;
    const { settings, text, prompt } = data;
    const unseen = prompt.tokens - prompt.seen;
    render(
      html`${this.#ask === undefined ? nothing : this.#controls(data)}
        <figure class="written" aria-label=${l10n.t('Text that the model writes')}>
          <p class="written-text"><span class="written-prompt">${settings.prompt}</span>${text}</p>
          <figcaption class="quiet number">
            ${whenText(data)} · ${settingsText(settings, data.vocabulary)}
            ${unseen > 0 ? l10n.t('the model sees the last {0} tokens of the prompt', count(prompt.seen)) : nothing}
          </figcaption>
        </figure>
        <h3>${l10n.t('What it expects next')}</h3>
        ${nextTable(data.next)}`,
      this.element,
    );
  }

  #controls({ vocabulary, settings }: SampledText): TemplateResult {
    const { temperature, topK, topP } = this.#chosen ?? settings;
    const k = Math.min(topK, vocabulary);
    return html`<div class="sampling" role="group" aria-label=${l10n.t('How text is drawn')}>
      <div class="sampling-prompt">
        <label for=${this.#promptLabel}>${l10n.t('Prompt')}</label>
        ${this.#prompt}
        <p id=${this.#problem} class="problem" role="alert" ?hidden=${this.#refused === undefined}>
          ${this.#refused === undefined ? nothing : `${this.#refused.message} ${this.#refused.remedy ?? ''}`}
        </p>
      </div>
      <div class="sampling-sliders">
        ${samplingSlider(
          l10n.t('Temperature'),
          temperature,
          decimal(temperature, 1, 1),
          { most: HIGHEST_TEMPERATURE, step: 0.1 },
          (value) => {
            this.#choose({ temperature: value });
          },
        )}
        ${samplingSlider(
          'Top-k',
          placeOfTopK(k, vocabulary),
          topKText(k, vocabulary),
          { most: STEPS_OF_TOP_K, step: 1 },
          (place) => {
            this.#choose({ topK: topKAt(place, vocabulary) });
          },
        )}
        ${samplingSlider('Top-p', topP, decimal(topP, 2, 2), { most: 1, step: 0.05 }, (value) => {
          this.#choose({ topP: Math.max(0.05, value) });
        })}
        <button
          class="quiet-button"
          type="button"
          @click=${() => {
            this.#choose({});
          }}
        >
          ${l10n.t('Draw Again')}
        </button>
      </div>
    </div>`;
  }

  #choose(change: Partial<SamplingSettings>): void {
    const settings = this.#chosen ?? this.#data?.settings;
    if (settings === undefined) return;
    this.#chosen = { ...settings, ...change };
    this.#render();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#chosen !== undefined) this.#ask?.({ kind: 'sampledText', ...this.#chosen });
    }, ASK_MILLISECONDS);
  }
}

function same(one: SamplingSettings, other: SamplingSettings | undefined): boolean {
  return (
    one.prompt === other?.prompt &&
    one.temperature === other.temperature &&
    one.topK === other.topK &&
    one.topP === other.topP
  );
}

/** Of few tokens each makes a difference, of thousands only their order of magnitude. */
function topKAt(place: number, vocabulary: number): number {
  return Math.max(1, Math.round(vocabulary ** (place / STEPS_OF_TOP_K)));
}

function placeOfTopK(topK: number, vocabulary: number): number {
  return Math.round((Math.log(topK) / Math.log(Math.max(2, vocabulary))) * STEPS_OF_TOP_K);
}

function topKText(topK: number, vocabulary: number): string {
  return topK >= vocabulary ? l10n.t('all {0}', count(vocabulary)) : count(topK);
}

function settingsText({ temperature, topK, topP }: SamplingSettings, vocabulary: number): string {
  return [
    l10n.t('temperature {0}', decimal(temperature, 1, 1)),
    ...(topK < vocabulary ? [`top-k ${count(topK)}`] : []),
    ...(topP < 1 ? [`top-p ${decimal(topP, 2, 2)}`] : []),
  ].join(' · ');
}

function nextTable(next: readonly NextToken[]): TemplateResult {
  const largest = Math.max(...next.map(({ probability, chance }) => Math.max(probability, chance)));
  const bar = (kind: string, share: number): TemplateResult =>
    html`<td class=${kind}>
      <span class="share-bar" ${cssVariables({ '--share': String(largest > 0 ? share / largest : 0) })}></span
      ><span class="number">${percent(share, 1)}</span>
    </td>`;
  return html`<table class="next-tokens">
    <thead>
      <tr>
        <th scope="col">${l10n.t('token')}</th>
        <th scope="col">${l10n.t('the model says')}</th>
        <th scope="col">${l10n.t('drawn with')}</th>
      </tr>
    </thead>
    <tbody>
      ${next.map(
        ({ token, probability, chance }) =>
          html`<tr class=${chance === 0 ? 'out' : ''}>
            <th scope="row"><span class="token" aria-label=${tokenName(token)}>${tokenText(token)}</span></th>
            ${bar('by-model', probability)}${bar('drawn', chance)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

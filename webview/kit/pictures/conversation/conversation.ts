/** A chat with the model of a run: what was said and answered, as it is written, and where the next message is typed. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { LabErrorData } from '../../../../src/protocol/errors';
import type { ChatAnswer, ChatTurn, Conversation } from '../../../../src/protocol/textPictures';
import { count, decimal } from '../../../../src/words/numbers';
import type { Theme } from '../../theme/theme';
import { block } from '../../dom/block';
import { uniqueId } from '../../dom/ids';
import type { Ask, PictureView } from '../picture';
import { samplingSlider } from '../samplingSlider';

const HIGHEST_TEMPERATURE = 2;
/** So near its end the log follows what is written. */
const NEAR_END = 24;

export class ConversationView implements PictureView<'conversation'> {
  readonly element = block('stack chat');
  readonly #ask: Ask | undefined;
  readonly #message = document.createElement('textarea');
  readonly #system = document.createElement('textarea');
  readonly #hint = uniqueId('hint');
  readonly #problem = uniqueId('problem');
  readonly #messageId = uniqueId('message');
  readonly #systemId = uniqueId('system');
  #data: Conversation | undefined;
  #refused: LabErrorData | undefined;
  /** Sent, and not in the conversation yet. */
  #pending: string | undefined;
  #temperature = 0;
  #topP = 1;
  #isBeside = false;
  /** What a screen reader is told: an answer when it is whole, not token by token. */
  #told = '';

  constructor(ask?: Ask) {
    this.#ask = ask;
    Object.assign(this.#message, { id: this.#messageId, rows: 2 });
    Object.assign(this.#system, { id: this.#systemId, rows: 2 });
    this.#message.setAttribute('aria-describedby', `${this.#hint} ${this.#problem}`);
    this.#message.addEventListener('input', () => {
      this.#render();
    });
    this.#message.addEventListener('keydown', (event) => {
      // Enter also ends the choice of a Chinese character.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#isAnswering) return;
      event.preventDefault();
      this.#stop();
    });
  }

  draw(data: Conversation, _theme?: Theme, refused?: LabErrorData): void {
    const before = this.#data;
    if (refused !== undefined && refused !== this.#refused) {
      // What could not be said can be changed.
      if (this.#message.value === '') this.#message.value = this.#pending ?? '';
      this.#pending = undefined;
    }
    if (data !== before && data.turns.at(-1)?.said === this.#pending) this.#pending = undefined;
    if (before?.system !== data.system) this.#system.value = data.system;
    if (before?.isAnswering === true && !data.isAnswering) this.#told = spoken(data);
    this.#data = data;
    this.#refused = refused;
    this.#render();
  }

  get #isAnswering(): boolean {
    return this.#pending !== undefined || this.#data?.isAnswering === true;
  }

  #send(): void {
    const text = this.#message.value;
    if (this.#isAnswering || text.trim() === '') return;
    this.#pending = text;
    this.#refused = undefined;
    this.#message.value = '';
    const [temperature, topP] = [this.#temperature, this.#topP];
    const beside = this.#isBeside && this.#data?.isTrained === true;
    this.#ask?.({ kind: 'conversation', ask: 'say', text, system: this.#system.value, temperature, topP, beside });
    this.#render();
  }

  #stop(): void {
    this.#ask?.({ kind: 'conversation', ask: 'stop' });
    this.#message.focus();
  }

  #render(): void {
    const data = this.#data;
    if (data === undefined) return;
    const log = this.element.querySelector('.chat-log');
    const follows = log === null || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    const { turns } = data;
    const isEmpty = turns.length === 0 && this.#pending === undefined;
    render(
      html`<p class="quiet">${aboutText(data)}</p>
        ${
          isEmpty && this.#ask === undefined
            ? nothing
            : html`<div
                class="chat-log"
                role="log"
                aria-live="off"
                aria-label=${l10n.t('Conversation')}
                aria-busy=${this.#isAnswering}
                tabindex="0"
              >
                ${isEmpty ? html`<p class="quiet">${l10n.t('Nothing has been said yet. Write something below.')}</p>` : nothing}
                ${turns.map((turn) => turnTemplate(turn, data))}
                ${
                  this.#pending === undefined
                    ? nothing
                    : html`${saidTemplate(this.#pending)}
                        <p class="quiet">${l10n.t('It reads …')}</p>`
                }
              </div>`
        }
        <p class="chat-told" role="status">${this.#told}</p>
        ${this.#ask === undefined ? nothing : this.#composer(data)}`,
      this.element,
    );
    const after = this.element.querySelector('.chat-log');
    if (follows && after !== null) after.scrollTop = after.scrollHeight;
  }

  #composer({ isTrained, turns, isAnswering }: Conversation): TemplateResult {
    const ask = this.#ask;
    const busy = this.#isAnswering;
    return html`<div class="chat-composer">
        <label for=${this.#messageId}>${l10n.t('Message')}</label>
        ${this.#message}
        <p id=${this.#problem} class="problem" role="alert" ?hidden=${this.#refused === undefined}>
          ${this.#refused === undefined ? nothing : `${this.#refused.message} ${this.#refused.remedy ?? ''}`}
        </p>
        <p id=${this.#hint} class="quiet">
          ${l10n.t('Enter sends, Shift+Enter begins a new line, Escape stops the answer.')}
        </p>
      </div>
      <div class="chat-buttons">
        ${
          busy
            ? html`<button
                class="quiet-button"
                type="button"
                ?disabled=${!isAnswering}
                @click=${() => {
                  this.#stop();
                }}
              >
                ${l10n.t('Stop Answer')}
              </button>`
            : html`<button
                class="quiet-button"
                type="button"
                ?disabled=${this.#message.value.trim() === ''}
                @click=${() => {
                  this.#send();
                  this.#message.focus();
                }}
              >
                ${l10n.t('Send')}
              </button>`
        }
        <button
          class="quiet-button"
          type="button"
          ?disabled=${turns.length === 0}
          @click=${() => {
            this.#told = '';
            this.#pending = undefined;
            ask?.({ kind: 'conversation', ask: 'new' });
            this.#message.focus();
          }}
        >
          ${l10n.t('New Conversation')}
        </button>
        <button
          class="quiet-button"
          type="button"
          title=${l10n.t('Of every layer and head, for the last tokens of the conversation')}
          ?disabled=${turns.length === 0 || busy}
          @click=${() => ask?.({ kind: 'conversation', ask: 'attention' })}
        >
          ${l10n.t('Show Attention')}
        </button>
      </div>
      <div class="sampling" role="group" aria-label=${l10n.t('How it answers')}>
        <div class="sampling-prompt">
          <label for=${this.#systemId}>${l10n.t('What it is told first')}</label>
          ${this.#system}
        </div>
        <div class="sampling-sliders">
          ${samplingSlider(
            l10n.t('Temperature'),
            this.#temperature,
            decimal(this.#temperature, 1, 1),
            { most: HIGHEST_TEMPERATURE, step: 0.1 },
            (value) => {
              this.#temperature = value;
              this.#render();
            },
          )}
          ${samplingSlider(
            'Top-p',
            this.#topP,
            decimal(this.#topP, 2, 2),
            { least: 0.05, most: 1, step: 0.05 },
            (value) => {
              this.#topP = value;
              this.#render();
            },
          )}
          ${
            isTrained
              ? html`<label
                  ><input
                    type="checkbox"
                    .checked=${this.#isBeside}
                    @change=${(event: Event) => {
                      this.#isBeside = (event.target as HTMLInputElement).checked;
                    }}
                  />
                  ${l10n.t('Beside it, the model before the training')}</label
                >`
              : nothing
          }
        </div>
      </div>`;
  }
}

function aboutText({ model, isTrained }: Conversation): string {
  const about = l10n.t(
    'Talk to {0}. It has no memory but the conversation, which it reads again before each answer, and is often wrong.',
    model,
  );
  return isTrained ? `${about} ${l10n.t('It answers with the weights that it has now.')}` : about;
}

const saidTemplate = (text: string): TemplateResult =>
  html`<div class="chat-said">
    <span class="chat-who">${l10n.t('You')}</span>
    <span class="chat-text">${text}</span>
  </div>`;

function turnTemplate({ said, answers }: ChatTurn, data: Conversation): TemplateResult {
  return html`${saidTemplate(said)}
    <div class="chat-answers">${answers.map((answer) => answerTemplate(answer, data))}</div>`;
}

function answerTemplate(answer: ChatAnswer, data: Conversation): TemplateResult {
  const { text, tokens, end, message } = answer;
  const caret = end === undefined ? html`<span class="chat-caret" aria-hidden="true"></span>` : nothing;
  return html`<div class="chat-answer" data-by=${answer.by}>
    <span class="chat-who">${whoText(answer, data)}</span>
    <span class="chat-text">${text}${caret}</span>
    <span class="quiet number">
      ${l10n.t('{0} tokens', count(tokens))}
      ${end === 'stopped' ? `· ${l10n.t('stopped')}` : nothing}${end === 'full' ? `· ${l10n.t('cut off: it is as long as it may be')}` : nothing}
    </span>
    ${end === 'failed' ? html`<p class="problem">${message ?? ''}</p>` : nothing}
  </div>`;
}

function whoText({ by, step }: ChatAnswer, { model, isTrained }: Conversation): string {
  if (!isTrained) return model;
  return by === 'before' ? l10n.t('{0} before the training', model) : l10n.t('{0} after step {1}', model, count(step));
}

function spoken(data: Conversation): string {
  const answers = data.turns.at(-1)?.answers ?? [];
  return answers.map((answer) => `${whoText(answer, data)}: ${answer.text} ${answer.message ?? ''}`.trim()).join('\n');
}

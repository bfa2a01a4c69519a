/** One example on its way through the model and back: a step at a time, with the formula in use and the real numbers. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Walkthrough, WalkNode } from '../../../../src/protocol/pictures';
import { block } from '../../dom/block';
import { focusedBeside } from '../../dom/focus';
import { count } from '../../../../src/words/numbers';
import type { Theme } from '../../theme/theme';
import { examplePicture } from '../example';
import type { PictureView } from '../picture';
import { whenText } from '../when';
import { digits } from './digits';
import { row, slope, spoken, type Formula } from './formula';
import { arrow, type Arrow } from './icons';
import { typeset } from './mathml';
import { backwardFormula, forwardFormula, nameOf } from './rules';
import { strip } from './strip';
import { walkNumbers } from './walkNumbers';
import { kindText, stepSentence, walkSteps, type WalkStep } from './walkSteps';

export class WalkthroughView implements PictureView<'walkthrough'> {
  readonly element = block('stack walk');
  #drawn: { readonly data: Walkthrough; readonly steps: readonly WalkStep[]; readonly theme: Theme } | undefined;
  #current = 0;
  /** The step that the user went to, for a screen reader: newer numbers are not said. */
  #said = '';

  draw(data: Walkthrough, theme: Theme): void {
    const steps = walkSteps(data.nodes);
    this.#drawn = { data, steps, theme };
    this.#current = Math.max(0, Math.min(this.#current, steps.length - 1));
    this.#render();
  }

  #render(): void {
    if (this.#drawn === undefined) return;
    const { data, steps, theme } = this.#drawn;
    const step = steps[this.#current];
    const focused = focusedBeside(this.element);
    render(
      html`<div class="walk-top">
          ${examplePicture(data.example, data.classes)}
          <div class="stack">
            <p>${data.summary}</p>
            <p class="quiet number">${whenText(data)}</p>
          </div>
        </div>
        ${
          step === undefined
            ? nothing
            : html`<div class="stack" @keydown=${this.#onKey}>
                ${this.#bar(step, steps)} ${this.#map(steps, data.nodes)} ${stepView(step, data.nodes, theme)}
              </div>`
        }
        <div class="for-screen-reader" role="status" aria-live="polite">${this.#said}</div>`,
      this.element,
    );
    this.#keepFocus(focused);
  }

  /** Where a button goes out of use, the one that leads back takes its focus. */
  #keepFocus(focused: Element | null): void {
    if (!(focused instanceof HTMLButtonElement) || !focused.disabled) return;
    const other = { first: 'next', back: 'next', next: 'back', last: 'back' }[focused.value];
    this.element.querySelector<HTMLButtonElement>(`.walk-move[value="${other ?? ''}"]:enabled`)?.focus();
  }

  /** The user moves: the step is also said. */
  #go(to: number): void {
    if (this.#drawn === undefined) return;
    const { steps, data } = this.#drawn;
    const target = Math.max(0, Math.min(to, steps.length - 1));
    const step = steps[target];
    if (step === undefined) return;
    this.#current = target;
    this.#said = stepSentence(step, data.nodes);
    this.#render();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof Element)) return;
    // The slider and the table use the same keys.
    if (event.target.closest('input, .scroller') !== null) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: this.#current - 1,
      ArrowRight: this.#current + 1,
      Home: 0,
      End: (this.#drawn?.steps.length ?? 1) - 1,
    };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const wasInMap = event.target.closest('.walk-map') !== null;
    this.#go(target);
    if (wasInMap) this.element.querySelectorAll<HTMLElement>('.walk-chip')[this.#current]?.focus();
  };

  #bar(step: WalkStep, steps: readonly WalkStep[]): TemplateResult {
    const last = steps.length - 1;
    const way = step.direction === 'backward' ? l10n.t('backward') : l10n.t('forward');
    const place = l10n.t('Step {0} of {1}, {2}', count(this.#current + 1), count(steps.length), way);
    const move = (name: Arrow, text: string, to: number): TemplateResult =>
      html`<button
        class="walk-move"
        type="button"
        value=${name}
        title=${text}
        aria-label=${text}
        ?disabled=${this.#current === Math.max(0, Math.min(to, last))}
        @click=${() => {
          this.#go(to);
        }}
      >
        ${arrow(name)}
      </button>`;
    return html`<div class="walk-bar" role="group" aria-label=${l10n.t('Walk')}>
      ${move('first', l10n.t('First Step'), 0)} ${move('back', l10n.t('Step Back'), this.#current - 1)}
      ${move('next', l10n.t('Next Step'), this.#current + 1)} ${move('last', l10n.t('Last Step'), last)}
      <input
        type="range"
        min="0"
        max=${last}
        step="1"
        aria-label=${l10n.t('Step of the walk')}
        aria-valuetext="${place}: ${spoken(nameOf(step.node))}"
        .value=${live(String(this.#current))}
        @input=${(event: Event) => {
          this.#go(Number((event.target as HTMLInputElement).value));
        }}
      />
      <span class="quiet number">${place}</span>
    </div>`;
  }

  #map(steps: readonly WalkStep[], nodes: readonly WalkNode[]): TemplateResult {
    const chip = (step: WalkStep, index: number): TemplateResult => {
      const { direction, node } = step;
      const name = nameOf(node);
      const isBack = direction === 'backward';
      return html`<li>
        <button
          class="walk-chip ${direction} ${node.kind}"
          type="button"
          title=${stepSentence(step, nodes)}
          aria-label=${isBack ? l10n.t('Gradient of {0}', spoken(name)) : spoken(name)}
          aria-current=${index === this.#current ? 'step' : nothing}
          @click=${() => {
            this.#go(index);
          }}
        >
          ${typeset(isBack ? row('∂', name) : name)}
        </button>
      </li>`;
    };
    const turn = steps.filter(({ direction }) => direction === 'forward').length;
    const chips = steps.map(chip);
    return html`<div class="walk-map">
      <span class="quiet">${l10n.t('forward')}</span>
      <ol aria-label=${l10n.t('Steps forward')}>
        ${chips.slice(0, turn)}
      </ol>
      ${
        turn === chips.length
          ? nothing
          : html`<span class="quiet">${l10n.t('backward')}</span>
              <ol aria-label=${l10n.t('Steps backward')}>
                ${chips.slice(turn)}
              </ol>`
      }
    </div>`;
  }
}

function stepView(step: WalkStep, nodes: readonly WalkNode[], theme: Theme): TemplateResult {
  const { direction, node } = step;
  const isBack = direction === 'backward';
  const gradient = isBack ? (node.gradient ?? node.own?.gradient) : undefined;
  const name = spoken(nameOf(node));
  return html`<div class="walk-node">
    <div class="walk-formula">${typeset(formulaOf(step, nodes))}</div>
    <p class="quiet">${kindText(node)} · ${l10n.t('shape')} [${node.shape.join(', ')}]</p>
    <div class="walk-samples">
      <div class="stack">
        <h3>${l10n.t('Value')}</h3>
        ${strip(node.value, node.shape, name, theme)}
      </div>
      ${
        gradient === undefined
          ? nothing
          : html`<div class="stack">
              <h3>${l10n.t('Gradient')}</h3>
              ${strip(gradient, node.shape, l10n.t('Gradient of {0}', name), theme)}
            </div>`
      }
    </div>
    ${walkNumbers(node, isBack)}
  </div>`;
}

function formulaOf({ direction, node }: WalkStep, nodes: readonly WalkNode[]): Formula {
  if (direction === 'forward') {
    const formula = forwardFormula(node, nodes);
    if (formula !== undefined) return formula;
    const only = node.shape.length === 0 ? node.value.picked[0] : undefined;
    const name = nameOf(node);
    return typeof only === 'number' ? row(name, '=', { kind: 'number', text: digits(only) }) : name;
  }
  return backwardFormula(node, nodes) ?? slope(nameOf(node));
}

/** One example on its way through the model and back: a step at a time, with the formula in use and the real numbers. */
import * as l10n from '@vscode/l10n';
import type { Walkthrough, WalkNode } from '../../../../src/protocol/run';
import { h, icon, setAttribute, setHidden, setText } from '../../dom/elements';
import { count, epochText } from '../../text/format';
import type { Theme } from '../../theme/theme';
import { ExamplePicture } from '../example';
import { digits } from './digits';
import { row, slope, spoken, type Formula } from './formula';
import { typeset } from './mathml';
import { backwardFormula, forwardFormula, nameOf } from './rules';
import { Strip } from './strip';
import { WalkNumbers } from './walkNumbers';
import { kindText, stepSentence, walkSteps, type WalkStep } from './walkSteps';

export class WalkthroughView {
  readonly #summary = h('p');
  readonly #picture = new ExamplePicture();
  readonly #first: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #last: HTMLButtonElement;
  readonly #slider = h('input', { type: 'range', min: 0, step: 1, 'aria-label': l10n.t('Step of the walk') });
  readonly #place = h('span', { class: 'quiet number' });
  readonly #formula = h('div', { class: 'walk-formula' });
  readonly #kind = h('p', { class: 'quiet' });
  readonly #value = new Strip();
  readonly #gradientTitle = h('h3', { text: l10n.t('Gradient') });
  readonly #gradient = new Strip();
  readonly #numbers = new WalkNumbers();
  readonly #forward = h('ol', { 'aria-label': l10n.t('Steps forward') });
  readonly #backward = h('ol', { 'aria-label': l10n.t('Steps backward') });
  readonly #backwardLabel = h('span', { class: 'quiet', text: l10n.t('backward') });
  readonly #map = h(
    'div',
    { class: 'walk-map' },
    h('span', { class: 'quiet', text: l10n.t('forward') }),
    this.#forward,
    this.#backwardLabel,
    this.#backward,
  );
  readonly #when = h('p', { class: 'quiet number' });
  readonly #said = h('div', { class: 'for-screen-reader', role: 'status', 'aria-live': 'polite' });
  readonly #walk: HTMLElement;
  readonly element: HTMLElement;
  #data: Walkthrough | undefined;
  #theme: Theme | undefined;
  #steps: readonly WalkStep[] = [];
  #current = 0;
  #mapped: readonly string[] = [];

  constructor() {
    const button = (name: string, text: string, move: () => number): HTMLButtonElement => {
      const made = h('button', { class: 'walk-move', type: 'button', title: text, 'aria-label': text }, icon(name));
      made.addEventListener('click', () => {
        this.#go(move());
      });
      return made;
    };
    this.#first = button('debug-reverse-continue', l10n.t('First Step'), () => 0);
    this.#back = button('chevron-left', l10n.t('Step Back'), () => this.#current - 1);
    this.#next = button('chevron-right', l10n.t('Next Step'), () => this.#current + 1);
    this.#last = button('debug-continue', l10n.t('Last Step'), () => this.#steps.length - 1);
    this.#slider.addEventListener('input', () => {
      this.#go(Number(this.#slider.value));
    });
    const bar = h(
      'div',
      { class: 'walk-bar', role: 'group', 'aria-label': l10n.t('Walk') },
      this.#first,
      this.#back,
      this.#next,
      this.#last,
      this.#slider,
      this.#place,
    );
    this.#walk = h(
      'div',
      { class: 'stack' },
      bar,
      this.#map,
      h(
        'div',
        { class: 'walk-node' },
        this.#formula,
        this.#kind,
        h(
          'div',
          { class: 'walk-samples' },
          h('div', { class: 'stack' }, h('h3', { text: l10n.t('Value') }), this.#value.element),
          h('div', { class: 'stack walk-gradient' }, this.#gradientTitle, this.#gradient.element),
        ),
        this.#numbers.element,
      ),
    );
    this.#walk.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.element = h(
      'div',
      { class: 'stack walk' },
      h('div', { class: 'walk-top' }, this.#picture.element, h('div', { class: 'stack' }, this.#summary, this.#when)),
      this.#walk,
      this.#said,
    );
  }

  draw(data: Walkthrough, theme: Theme): void {
    this.#data = data;
    this.#theme = theme;
    this.#steps = walkSteps(data.nodes);
    this.#current = Math.max(0, Math.min(this.#current, this.#steps.length - 1));
    setText(this.#summary, data.summary);
    setText(this.#when, l10n.t('After epoch {0}, step {1}', epochText(data.epoch), count(data.step)));
    this.#picture.draw(data.example, data.classes);
    setHidden(this.#walk, this.#steps.length === 0);
    this.#drawMap(data.nodes);
    this.#drawStep();
  }

  /** The user moves: the step is also said. */
  #go(to: number): void {
    const target = Math.max(0, Math.min(to, this.#steps.length - 1));
    const step = this.#steps[target];
    if (step === undefined || this.#data === undefined) return;
    this.#current = target;
    this.#drawStep();
    setText(this.#said, stepSentence(step, this.#data.nodes));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target === this.#slider) return;
    // The table scrolls by the same keys.
    if (event.target instanceof Element && event.target.closest('.scroller') !== null) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: this.#current - 1,
      ArrowRight: this.#current + 1,
      Home: 0,
      End: this.#steps.length - 1,
    };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const wasInMap = this.#map.contains(document.activeElement);
    this.#go(target);
    if (wasInMap) this.#chips()[this.#current]?.focus();
  }

  #chips(): HTMLButtonElement[] {
    return [...this.#map.querySelectorAll('button')];
  }

  #drawMap(nodes: readonly WalkNode[]): void {
    this.#buildMap();
    this.#chips().forEach((chip, index) => {
      const step = this.#steps[index];
      if (step !== undefined) setAttribute(chip, 'title', stepSentence(step, nodes));
    });
  }

  /** Built anew only when the steps are others: focus stays where it is. */
  #buildMap(): void {
    const names = this.#steps.map(({ direction, node }) => `${direction} ${spoken(nameOf(node))} ${kindText(node)}`);
    if (names.join('|') === this.#mapped.join('|')) return;
    this.#mapped = names;
    const chip = ({ direction, node }: WalkStep, index: number): HTMLElement => {
      const name = nameOf(node);
      const shown = direction === 'forward' ? name : slopeOf(name);
      const button = h('button', {
        class: `walk-chip ${direction} ${node.kind}`,
        type: 'button',
        'aria-label': direction === 'forward' ? spoken(name) : l10n.t('Gradient of {0}', spoken(name)),
      });
      button.append(typeset(shown));
      button.addEventListener('click', () => {
        this.#go(index);
      });
      return h('li', {}, button);
    };
    const chips = this.#steps.map(chip);
    const turn = this.#steps.filter(({ direction }) => direction === 'forward').length;
    this.#forward.replaceChildren(...chips.slice(0, turn));
    this.#backward.replaceChildren(...chips.slice(turn));
    setHidden(this.#backwardLabel, turn === chips.length);
    setHidden(this.#backward, turn === chips.length);
  }

  /** Where a button goes out of use, the one that leads back takes its focus. */
  #ableButtons(): void {
    const [back, forth] = [
      [this.#back, this.#first],
      [this.#next, this.#last],
    ];
    const isFocused = (button: HTMLButtonElement): boolean => button === document.activeElement;
    const isLeft = { back: back.some(isFocused), forth: forth.some(isFocused) };
    for (const button of back) button.disabled = this.#current === 0;
    for (const button of forth) button.disabled = this.#current === this.#steps.length - 1;
    if (isLeft.back && this.#back.disabled && !this.#next.disabled) this.#next.focus();
    if (isLeft.forth && this.#next.disabled && !this.#back.disabled) this.#back.focus();
  }

  #drawStep(): void {
    const step = this.#steps[this.#current];
    if (step === undefined || this.#data === undefined || this.#theme === undefined) return;
    const { direction, node } = step;
    const { nodes } = this.#data;
    const isBack = direction === 'backward';
    const gradient = node.gradient ?? node.own?.gradient;
    this.#formula.replaceChildren(typeset(formulaOf(step, nodes)));
    setText(this.#kind, `${kindText(node)} · ${l10n.t('shape')} [${node.shape.join(', ')}]`);
    const name = spoken(nameOf(node));
    this.#value.draw(node.value, node.shape, name, this.#theme);
    setHidden(this.#gradientTitle, !isBack);
    setHidden(this.#gradient.element, !isBack);
    if (isBack && gradient !== undefined)
      this.#gradient.draw(gradient, node.shape, l10n.t('Gradient of {0}', name), this.#theme);
    this.#numbers.draw(node, isBack);
    this.#slider.max = String(this.#steps.length - 1);
    this.#slider.value = String(this.#current);
    const way = isBack ? l10n.t('backward') : l10n.t('forward');
    const place = l10n.t('Step {0} of {1}, {2}', count(this.#current + 1), count(this.#steps.length), way);
    setText(this.#place, place);
    setAttribute(this.#slider, 'aria-valuetext', `${place}: ${spoken(nameOf(node))}`);
    this.#ableButtons();
    this.#chips().forEach((chip, index) => {
      setAttribute(chip, 'aria-current', index === this.#current ? 'step' : undefined);
    });
  }
}

const slopeOf = (name: Formula): Formula => row('∂', name);

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

/** The exercises of the lesson: state, checks with what they found, hints, what to read. */
import * as l10n from '@vscode/l10n';
import type { LabErrorData } from '../../../src/protocol/errors';
import type { CheckVerdict, ExerciseCheck } from '../../../src/protocol/exercise';
import type { ExerciseAction, ExerciseCard } from '../../../src/protocol/panel';
import { h, icon, setHidden, setText } from '../../kit/dom/elements';
import { day } from '../../kit/text/format';
import type { Choices } from '../state';
import { createButton } from '../toolkit';
import type { Post } from '../vscodeApi';
import { createSection } from './section';
import type { Scene, View } from './view';

export class ExerciseCards implements View {
  readonly #list = h('ul', { class: 'exercises' });
  /** Verdicts as they come, for a screen reader. */
  readonly #said = h('p', { class: 'for-screen-reader', role: 'status' });
  readonly #post: Post;
  readonly element: HTMLDetailsElement;
  #drawn = '';
  #shown: readonly ExerciseCard[] = [];

  constructor(choices: Choices, post: Post) {
    this.#post = post;
    this.element = createSection('exercises', l10n.t('Exercises'), choices, this.#list, this.#said);
  }

  draw({ store }: Scene): void {
    this.#draw(store.exercises);
    if (store.revealed !== undefined && this.#reveal(store.revealed)) store.revealed = undefined;
  }

  /** False when there is no such card yet. */
  #reveal(exercise: string): boolean {
    const card = [...this.#list.children].find((child) => child.getAttribute('data-exercise') === exercise);
    if (card === undefined) return false;
    this.element.open = true;
    card.scrollIntoView({ block: 'nearest' });
    return true;
  }

  #draw(exercises: readonly ExerciseCard[]): void {
    setHidden(this.element, exercises.length === 0);
    const key = JSON.stringify(exercises);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const checked = exercises.filter((card) => card.state !== 'checking' && this.#isChecking(card.exercise));
    const begins = exercises.some((card) => card.state === 'checking' && !this.#isChecking(card.exercise));
    // Only a text that changes is said: a verdict that is the same again comes after none.
    if (checked.length > 0 || begins)
      setText(this.#said, checked.map((card) => `${card.title}: ${factsOf(card)}`).join('; '));
    this.#shown = exercises;
    const focused = document.activeElement?.closest('[data-focus]')?.getAttribute('data-focus');
    this.#list.replaceChildren(...exercises.map((card) => this.#card(card)));
    if (focused === null || focused === undefined) return;
    this.#list.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  #isChecking(exercise: string): boolean {
    return this.#shown.some((card) => card.exercise === exercise && card.state === 'checking');
  }

  #card(card: ExerciseCard): HTMLElement {
    const look = LOOKS[card.state];
    return h(
      'li',
      {
        class: 'card exercise',
        'data-exercise': card.exercise,
        'data-state': card.state,
        'data-changed': card.changed,
      },
      h(
        'div',
        { class: 'exercise-head' },
        icon(look),
        h('h3', { text: card.title }),
        h('code', { text: card.name }),
        h('span', { class: 'quiet', text: `${factsOf(card)} · ${l10n.t('{0} min', card.minutes)}` }),
      ),
      ...(card.error === undefined ? [] : [h('p', { class: 'exercise-error', text: errorText(card.error) })]),
      h('ul', { class: 'checks' }, ...card.checks.map((check) => this.#check(check, card.error))),
      ...card.hints.map((hint, index) =>
        h('p', { class: 'hint' }, icon('lightbulb'), h('span', { text: l10n.t('Hint {0}: {1}', index + 1, hint) })),
      ),
      h('p', { class: 'quiet', text: l10n.t('To read: {0}', card.read.join(', ')) }),
      h('div', { class: 'exercise-actions' }, ...this.#actions(card)),
    );
  }

  #actions(card: ExerciseCard): HTMLElement[] {
    const button = (action: ExerciseAction, text: string, primary = false): HTMLElement => {
      const { element } = createButton({
        text,
        appearance: primary ? 'primary' : 'secondary',
        onClick: () => {
          this.#post({ type: 'exercise', action, lesson: card.lesson, exercise: card.exercise });
        },
      });
      // Which exercise a button belongs to is seen, but not heard.
      element.setAttribute('aria-label', `${text}: ${card.title}`);
      element.setAttribute('data-focus', `${card.exercise} ${action}`);
      return element;
    };
    // After the last one, the first again.
    const next = (card.hints.length % card.hintCount) + 1;
    return [
      button('check', l10n.t('Check'), card.state !== 'passed' || card.changed),
      button('task', l10n.t('Task')),
      button('open', l10n.t('Go to Code')),
      button('hint', l10n.t('Hint {0} of {1}', next, card.hintCount)),
      ...(card.maySeeSolution ? [button('solution', l10n.t('Solution'))] : []),
      button('reset', l10n.t('Reset')),
    ];
  }

  #check(check: CheckVerdict | ExerciseCheck, error: LabErrorData | undefined): HTMLElement {
    if (!('status' in check)) return h('li', {}, icon('circle-large-outline'), h('span', { text: check.title }));
    const [name, said] = CHECK_LOOKS[check.status];
    const details = check.status === 'passed' ? [] : detailsOf(check, error);
    return h(
      'li',
      { 'data-status': check.status },
      icon(name),
      h(
        'div',
        {},
        h('span', { text: check.title }),
        h('span', { class: 'for-screen-reader', text: ` (${said()})` }),
        ...details,
      ),
    );
  }
}

const LOOKS: Readonly<Record<ExerciseCard['state'], string>> = {
  untried: 'circle-large-outline',
  checking: 'loading',
  failed: 'error',
  passed: 'pass-filled',
};

const CHECK_LOOKS: Readonly<Record<CheckVerdict['status'], readonly [string, () => string]>> = {
  passed: ['pass', () => l10n.t('passed')],
  failed: ['error', () => l10n.t('failed')],
  timedOut: ['watch', () => l10n.t('did not end')],
  notRun: ['circle-slash', () => l10n.t('not run')],
};

/** State, what has changed, and how many checks are passed. */
function factsOf(card: ExerciseCard): string {
  const passed = card.checks.filter((check) => 'status' in check && check.status === 'passed').length;
  return [
    stateText(card),
    ...(card.changed ? [l10n.t('changed since the last check')] : []),
    ...(card.state === 'untried' ? [] : [l10n.t('{0} of {1} checks passed', passed, card.checks.length)]),
  ].join(' · ');
}

function errorText({ message, remedy }: LabErrorData): string {
  return remedy === undefined ? message : `${message} ${remedy}`;
}

function stateText({ state, passedAt }: ExerciseCard): string {
  switch (state) {
    case 'untried':
      return l10n.t('not checked yet');
    case 'checking':
      return l10n.t('checking …');
    case 'failed':
      return passedAt === undefined ? l10n.t('not passed') : l10n.t('not passed now, but before');
    case 'passed':
      return passedAt === undefined ? l10n.t('passed') : l10n.t('passed on {0}', day(passedAt));
  }
}

/** @param error what is said of the whole exercise, and need not be said of each check again */
function detailsOf(
  { message, expected, found, input, term }: CheckVerdict,
  error: LabErrorData | undefined,
): HTMLElement[] {
  const rows: [string, string | undefined][] = [
    [l10n.t('Expected'), expected],
    [l10n.t('Found'), found],
    [l10n.t('Input'), input],
    [l10n.t('Look up'), term],
  ];
  const list = h('dl', { class: 'error-values' });
  for (const [name, value] of rows) {
    if (value !== undefined) list.append(h('dt', { text: name }), h('dd', { text: value }));
  }
  return [...(message === undefined || message === error?.message ? [] : [h('p', { text: message })]), list];
}

/** The exercises of the lesson: state, checks with what they found as they come, hints, what to read. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { createRef, ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { LabErrorData } from '../../../src/protocol/errors';
import type { CheckVerdict, ExerciseCheck } from '../../../src/protocol/exercise';
import type { ExerciseAction, ExerciseCard } from '../../../src/protocol/panel';
import { progress } from '../../../src/words/counts';
import { day } from '../../../src/words/times';
import { icon } from '../icon';
import { button } from '../toolkit';
import type { Post } from '../vscodeApi';
import { values } from './notices';
import { section } from './section';
import type { Scene, View } from './view';

const ID = 'exercises';

export class ExerciseCards implements View {
  readonly #post: Post;
  readonly #list = createRef();
  #revealed: string | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  render({ store, choices }: Scene): TemplateResult | typeof nothing {
    this.#revealed = store.revealed ?? this.#revealed;
    store.revealed = undefined;
    // In a closed section nothing can come into view.
    if (this.#revealed !== undefined) choices.collapse(ID, false);
    if (store.exercises.length === 0) return nothing;
    // Once passed, solved: also while it is checked again.
    const solved = store.exercises.filter(({ passedAt }) => passedAt !== undefined).length;
    const cards = repeat(
      store.exercises,
      ({ exercise }) => exercise,
      (card) => this.#card(card),
    );
    // Verdicts as they come. Only a text that changes is said: a verdict that is the same again comes after none.
    const said = store.checked?.map((card) => `${card.title}: ${factsOf(card)}`).join('; ') ?? '';
    return section(
      ID,
      `${l10n.t('Exercises')} · ${progress(solved, store.exercises.length)}`,
      choices,
      html`<ul class="exercises" ${ref(this.#list)}>
          ${cards}
        </ul>
        <p class="for-screen-reader" role="status">${said}</p>`,
    );
  }

  /** Brings the card into view, and in it what is wrong. */
  drawn(): void {
    if (this.#revealed === undefined) return;
    const card = this.#list.value?.querySelector(`[data-exercise="${CSS.escape(this.#revealed)}"]`);
    if (!card) return;
    this.#revealed = undefined;
    card.scrollIntoView({ block: 'nearest' });
    card
      .querySelector('.exercise-error, [data-status=failed], [data-status=timedOut]')
      ?.scrollIntoView({ block: 'nearest' });
  }

  #card(card: ExerciseCard): TemplateResult {
    const { error } = card;
    const facts = `${factsOf(card)} · ${l10n.t('{0} min', card.minutes)}`;
    return html`<li
      class="card exercise"
      data-exercise=${card.exercise}
      data-state=${card.state}
      ?data-changed=${card.changed}
    >
      <div class="exercise-head">
        ${icon(LOOKS[card.state], card.state === 'checking' ? 'codicon-modifier-spin' : '')}
        <h3>${card.title}</h3>
        <code>${card.name}</code>
        <span class="quiet">${facts}</span>
      </div>
      ${error === undefined ? nothing : html`<p class="exercise-error">${errorText(error)}</p>`}
      <ul class="checks">
        ${card.checks.map((check) => checkOf(check, card))}
      </ul>
      ${card.hints.map(
        (hint, index) =>
          html`<p class="hint">${icon('lightbulb')}<span>${l10n.t('Hint {0}: {1}', index + 1, hint)}</span></p>`,
      )}
      <p class="quiet">${l10n.t('To read: {0}', card.read.join(', '))}</p>
      <div class="exercise-actions">${this.#actions(card)}</div>
    </li>`;
  }

  #actions(card: ExerciseCard): TemplateResult {
    const action = (name: ExerciseAction, text: string, isPrimary = false): TemplateResult =>
      button({
        text,
        // Which exercise a button belongs to is seen, but not heard.
        label: `${text}: ${card.title}`,
        appearance: isPrimary ? 'primary' : 'secondary',
        onClick: () => {
          this.#post({ type: 'exercise', action: name, lesson: card.lesson, exercise: card.exercise });
        },
      });
    // After the last one, the first again.
    const next = (card.hints.length % card.hintCount) + 1;
    return html`${action('check', l10n.t('Check'), card.state !== 'passed' || card.changed)}
    ${action('task', l10n.t('Task'))} ${action('open', l10n.t('Go to Code'))}
    ${action('hint', l10n.t('Hint {0} of {1}', next, card.hintCount))}
    ${card.maySeeSolution ? action('solution', l10n.t('Solution')) : nothing} ${action('reset', l10n.t('Reset'))}`;
  }
}

const isVerdict = (check: CheckVerdict | ExerciseCheck): check is CheckVerdict => 'status' in check;

function checkOf(check: CheckVerdict | ExerciseCheck, { state, checks, error }: ExerciseCard): TemplateResult {
  if (!isVerdict(check)) {
    const isNext = state === 'checking' && checks.find((other) => !isVerdict(other)) === check;
    return html`<li>
      ${isNext ? icon('loading', 'codicon-modifier-spin') : icon('circle-large-outline')}<span>${check.title}</span>
    </li>`;
  }
  const [name, said] = CHECK_LOOKS[check.status];
  return html`<li data-status=${check.status}>
    ${icon(name)}
    <div>
      <span>${check.title}</span><span class="for-screen-reader"> (${said()})</span>
      ${check.status === 'passed' ? nothing : reasonOf(check, error)}
    </div>
  </li>`;
}

/** @param error what is said of the whole exercise, and need not be said of each check again */
function reasonOf(check: CheckVerdict, error: LabErrorData | undefined): TemplateResult {
  const { message, expected, found, input, term } = check;
  const isNew = message !== undefined && message !== error?.message;
  return html`${isNew ? html`<p>${message}</p>` : nothing}
  ${values([
    [l10n.t('Expected'), expected],
    [l10n.t('Found'), found],
    [l10n.t('Input'), input],
    [l10n.t('Look up'), term],
  ])}`;
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
  const of = card.checks.length;
  const passed = card.checks.filter((check) => isVerdict(check) && check.status === 'passed').length;
  const shares = of === 1 ? l10n.t('{0} of 1 check passed', passed) : l10n.t('{0} of {1} checks passed', passed, of);
  return [
    stateText(card),
    ...(card.changed ? [l10n.t('changed since the last check')] : []),
    ...(card.state === 'untried' ? [] : [shares]),
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

/** What runs, and how far it is: state, title, epoch, time left, engine. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { ACTIVE_STATES, type EngineInfo, type RunRecord } from '../../../src/protocol/run';
import { cssVariables } from '../../kit/dom/directives';
import { count } from '../../../src/words/numbers';
import { epochText } from '../../../src/words/runs';
import { duration, timeLeft } from '../../../src/words/times';
import { stateLook } from '../../kit/text/states';
import { icon } from '../icon';
import type { PanelStore } from '../store';
import type { View } from './view';

export const header: View = {
  render: ({ store }) => {
    const record = store.foreground?.run.record;
    return record === undefined ? nothing : headerOf(record, store);
  },
};

function headerOf(record: RunRecord, { lesson }: PanelStore): TemplateResult {
  const { state, progress, config, environment } = record;
  const look = stateLook(state);
  const title = lesson?.title ?? record.title;
  // What the model file calls itself. A run that has not read it yet is called by the lesson's id.
  const isNamed = record.title !== title && record.title !== record.lesson;
  const facts = [
    config === undefined ? '' : epochText(record),
    progress.totalSteps === 0 ? '' : l10n.t('step {0}/{1}', count(progress.step), count(progress.totalSteps)),
    timeText(record),
  ];
  return html`<header class="run-header">
    <div class="title-line">
      <div class="titles">
        <h1>${title}</h1>
        ${isNamed ? html`<span class="quiet">${record.title}</span>` : nothing}
      </div>
      ${environment.engine === undefined ? nothing : engine(environment.engine)}
    </div>
    <div class="facts">
      <span class="state tone-${look.tone} state-${state}"
        >${icon(look.icon, state === 'preparing' ? 'codicon-modifier-spin' : '')}<span>${look.text}</span></span
      >
      ${facts.map((fact) => html`<span class="number">${fact}</span>`)}
    </div>
    ${state === 'preparing' ? nothing : bar(record)}
  </header>`;
}

function bar({ state, progress: { step, totalSteps } }: RunRecord): TemplateResult {
  return html`<div
    class=${ACTIVE_STATES.has(state) ? 'bar' : 'bar bar-ended'}
    role="progressbar"
    aria-label=${l10n.t('Progress of the run')}
    aria-valuemin="0"
    aria-valuemax=${totalSteps}
    aria-valuenow=${step}
  >
    <div class="bar-fill" ${cssVariables({ '--share': String(totalSteps === 0 ? 0 : step / totalSteps) })}></div>
  </div>`;
}

/** While it trains, the time that is left, once it is known; else how long it has trained. */
function timeText({ state, progress: { seconds, secondsLeft } }: RunRecord): string {
  if (state === 'training') return secondsLeft === null ? '' : timeLeft(secondsLeft);
  return seconds > 0 ? duration(seconds) : '';
}

function engine({ version, kind, package: name, reason }: EngineInfo): TemplateResult {
  const text =
    kind === 'native' ? l10n.t('TensorFlow {0} · native', version) : `TensorFlow.js ${version} · WebAssembly`;
  return html`<span class="engine" title=${`${name}\n${reason}`}>${text}</span>`;
}

/** How the curves are drawn: x axis, smoothing, log axis. */
import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { axisText } from '../../kit/charts/axes';
import { AXES, type Axis } from '../../kit/data/series';
import { smoothingSpan } from '../../kit/data/smoothing';
import { uniqueId } from '../../kit/dom/ids';
import { count } from '../../../src/words/numbers';
import { HIGHEST_POWER, powerOf, weightOf } from '../smoothingScale';
import type { Choices } from '../state';
import { checkbox } from '../toolkit';

const AXIS_NAME = uniqueId('axis');

export function chartOptions(choices: Choices): TemplateResult {
  return html`<div class="chart-options">
    <fieldset class="segments">
      <legend>${l10n.t('X axis')}</legend>
      <div class="segment-row">${AXES.map((axis) => axisOption(axis, choices))}</div>
    </fieldset>
    ${smoothing(choices)}
    ${checkbox({
      label: l10n.t('Log loss'),
      checked: choices.state.logLoss,
      disabled: false,
      onChange: (logLoss) => {
        choices.change({ logLoss });
      },
    })}
  </div>`;
}

function axisOption(axis: Axis, choices: Choices): TemplateResult {
  const choose = (): void => {
    choices.change({ axis });
  };
  const isChosen = choices.state.axis === axis;
  return html`<label>
    <input type="radio" name=${AXIS_NAME} value=${axis} .checked=${live(isChosen)} @change=${choose} />
    <span>${axisText(axis)}</span>
  </label>`;
}

function smoothing(choices: Choices): TemplateResult {
  const weight = choices.state.smoothing;
  const span = smoothingSpan(weight);
  const steps = span === 1 ? l10n.t('≈ 1 step') : l10n.t('≈ {0} steps', count(span));
  const said = weight <= 0 ? l10n.t('off') : steps;
  const slide = (event: Event): void => {
    choices.change({ smoothing: weightOf(Number((event.target as HTMLInputElement).value)) });
  };
  return html`<label class="smoothing">
    <span>${l10n.t('Smoothing')}</span>
    <input
      type="range"
      min="0"
      max=${HIGHEST_POWER}
      step="0.1"
      aria-valuetext=${said}
      .value=${String(powerOf(weight))}
      @input=${slide}
    />
    <span class="number smoothing-text" aria-hidden="true">${said}</span>
  </label>`;
}

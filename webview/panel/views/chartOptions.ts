/** How the curves are drawn: x axis, smoothing, log axis. */
import * as l10n from '@vscode/l10n';
import { axisText } from '../../kit/charts/axes';
import { AXES, type Axis } from '../../kit/data/series';
import { smoothingSpan } from '../../kit/data/smoothing';
import { h, setAttribute, setText, uniqueId } from '../../kit/dom/elements';
import { count } from '../../kit/text/format';
import { HIGHEST_POWER, powerOf, weightOf } from '../smoothingScale';
import type { Choices } from '../state';
import { createCheckbox } from '../toolkit';

export function createChartOptions(choices: Choices, changed: () => void): HTMLElement {
  const logarithmic = createCheckbox(l10n.t('Log loss'), (checked) => {
    choices.change({ logLoss: checked });
    changed();
  });
  logarithmic.checked = choices.state.logLoss;
  return h(
    'div',
    { class: 'chart-options' },
    axisChoice(choices, changed),
    smoothingChoice(choices, changed),
    logarithmic.element,
  );
}

function axisChoice(choices: Choices, changed: () => void): HTMLElement {
  const name = uniqueId('axis');
  const option = (axis: Axis): HTMLElement => {
    const input = h('input', { type: 'radio', name, value: axis });
    input.checked = choices.state.axis === axis;
    input.addEventListener('change', () => {
      if (!input.checked) return;
      choices.change({ axis });
      changed();
    });
    return h('label', {}, input, h('span', { text: axisText(axis) }));
  };
  return h(
    'fieldset',
    { class: 'segments' },
    h('legend', { text: l10n.t('X axis') }),
    h('div', { class: 'segment-row' }, ...AXES.map(option)),
  );
}

function smoothingChoice(choices: Choices, changed: () => void): HTMLElement {
  const text = h('span', { class: 'number smoothing-text', 'aria-hidden': 'true' });
  const slider = h('input', { type: 'range', min: 0, max: HIGHEST_POWER, step: 0.1 });
  const describe = (): void => {
    const { smoothing } = choices.state;
    const said = smoothing <= 0 ? l10n.t('off') : l10n.t('≈ {0} steps', count(smoothingSpan(smoothing)));
    setText(text, said);
    setAttribute(slider, 'aria-valuetext', said);
  };
  slider.value = String(powerOf(choices.state.smoothing));
  slider.addEventListener('input', () => {
    choices.change({ smoothing: weightOf(Number(slider.value)) });
    describe();
    changed();
  });
  describe();
  return h('label', { class: 'smoothing' }, h('span', { text: l10n.t('Smoothing') }), slider, text);
}

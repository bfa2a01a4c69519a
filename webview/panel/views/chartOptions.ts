/** How the curves are drawn: x axis, smoothing, log axis; and export. */
import * as l10n from '@vscode/l10n';
import { axisText } from '../charts/axes';
import { AXES, type Axis } from '../data/series';
import { smoothingSpan } from '../data/smoothing';
import { h, setAttribute, setText, uniqueId } from '../dom';
import type { View as ViewChoices } from '../state';
import { count } from '../text/format';
import { createButton, createCheckbox } from '../toolkit';

export interface ChartActions {
  readonly changed: () => void;
  readonly exportPng: () => void;
  readonly exportCsv: () => void;
}

/** The slider moves over powers of ten of the number of steps that are averaged: 1, about 10, 100, 1000. */
const HIGHEST_POWER = 3;

export function weightOf(power: number): number {
  return power <= 0 ? 0 : 1 - 10 ** -power;
}

export function powerOf(weight: number): number {
  return weight <= 0 ? 0 : -Math.log10(1 - weight);
}

export function createChartOptions(choices: ViewChoices, actions: ChartActions): HTMLElement {
  const logarithmic = createCheckbox(l10n.t('Log loss'), (checked) => {
    choices.change({ logLoss: checked });
    actions.changed();
  });
  logarithmic.checked = choices.state.logLoss;
  const button = (icon: string, text: string, onClick: () => void): HTMLElement =>
    createButton({ icon, text, onClick, appearance: 'icon' }).element;
  return h(
    'div',
    { class: 'chart-options' },
    axisChoice(choices, actions.changed),
    smoothingChoice(choices, actions.changed),
    logarithmic.element,
    h(
      'div',
      { class: 'exports', role: 'group', 'aria-label': l10n.t('Export') },
      button('device-camera', l10n.t('Export Charts as PNG'), actions.exportPng),
      button('table', l10n.t('Export Points as CSV'), actions.exportCsv),
    ),
  );
}

function axisChoice(choices: ViewChoices, changed: () => void): HTMLElement {
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

function smoothingChoice(choices: ViewChoices, changed: () => void): HTMLElement {
  const text = h('output', { class: 'number smoothing-text' });
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

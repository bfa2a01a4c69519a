/** What was trained, on what: layers, settings, data and their licence. */
import * as l10n from '@vscode/l10n';
import type { Execution, RunConfig, RunRecord } from '../../../src/protocol/run';
import { h, setHidden } from '../../kit/dom/elements';
import { count, learningRateText } from '../../kit/text/format';
import type { Choices } from '../state';
import { createSection } from './section';
import type { Scene, View } from './view';

export class Details implements View {
  readonly #facts = h('dl', { class: 'config' });
  readonly #layers = h('table', { class: 'layers' });
  readonly element: HTMLElement;
  #drawn = '';

  constructor(choices: Choices) {
    const scroller = h(
      'div',
      { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': l10n.t('Layers') },
      this.#layers,
    );
    this.element = createSection('details', l10n.t('Model and Data'), choices, this.#facts, scroller);
  }

  draw({ store }: Scene): void {
    const record = store.foreground?.run.record;
    setHidden(this.element, record?.config === undefined);
    if (record?.config === undefined) return;
    const key = JSON.stringify([record.id, record.config, record.environment, record.execution]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#facts.replaceChildren(
      ...facts(record, record.config).flatMap(([name, value]) => [h('dt', { text: name }), h('dd', { text: value })]),
    );
    this.#layers.replaceChildren(...layerRows(record.config));
  }
}

function facts({ environment, execution }: RunRecord, config: RunConfig): (readonly [string, string])[] {
  const { data } = config;
  return [
    [l10n.t('Data'), l10n.t('{0}: {1} to train, {2} to test', data.name, count(data.train), count(data.test))],
    [l10n.t('Licence of the data'), data.licence],
    [l10n.t('Optimizer'), l10n.t('{0}, learning rate {1}', config.optimizer, learningRateText(config.learningRate))],
    [l10n.t('Loss'), config.loss],
    ...(config.reference === undefined ? [] : [[l10n.t('Compared with'), referenceText(config.reference)] as const]),
    [l10n.t('Batch size'), count(config.batchSize)],
    [l10n.t('Seed'), String(config.seed)],
    [l10n.t('Parameters'), count(config.parameters)],
    ...(environment.engine === undefined ? [] : [[l10n.t('Engine'), environment.engine.package] as const]),
    ...(execution === undefined ? [] : [[l10n.t('Training step'), executionText(execution)] as const]),
    [l10n.t('Machine'), l10n.t('{0}, {1} processors', environment.platform, environment.cpus)],
  ];
}

function referenceText(reference: NonNullable<RunConfig['reference']>): string {
  return l10n.t(
    '{0}: {1}, learning rate {2}, {3}, {4} parameters',
    reference.label,
    reference.optimizer,
    learningRateText(reference.learningRate),
    reference.loss,
    count(reference.parameters),
  );
}

/** Compiled into one graph, or operation by operation and why. */
function executionText(execution: Execution): string {
  return execution.mode === 'compiled'
    ? l10n.t(
        'compiled in {0} ms: {1} operations, one call a step',
        count(Math.round(execution.milliseconds)),
        count(execution.operations),
      )
    : l10n.t('eager, one call an operation. {0}', execution.reason);
}

function layerRows({ layers, parameters }: RunConfig): HTMLElement[] {
  const header = (text: string, numeric = false): HTMLElement =>
    h('th', { scope: 'col', class: numeric ? 'number' : undefined, text });
  const rows = layers.map((layer) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row', text: layer.name }),
      h('td', { text: layer.type }),
      h('td', { class: 'number', text: `[${layer.outputShape.map((size) => size ?? 'null').join(', ')}]` }),
      h('td', { class: 'number', text: count(layer.parameters) }),
    ),
  );
  return [
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        header(l10n.t('Layer')),
        header(l10n.t('Type')),
        header(l10n.t('Output shape'), true),
        header(l10n.t('Parameters'), true),
      ),
    ),
    h('tbody', {}, ...rows),
    h(
      'tfoot',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'row', colspan: 3, text: l10n.t('Total') }),
        h('td', { class: 'number', text: count(parameters) }),
      ),
    ),
  ];
}

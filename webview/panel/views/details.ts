/** What was trained, on what: layers, settings, data and their licence. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { EngineInfo, Execution, RunConfig, RunRecord } from '../../../src/protocol/run';
import { count, short } from '../../../src/words/numbers';
import { section } from './section';
import type { View } from './view';

export const details: View = {
  render: ({ store, choices }) => {
    const record = store.foreground?.run.record;
    if (record?.config === undefined) return nothing;
    const { config } = record;
    return section(
      'details',
      l10n.t('Model and Data'),
      choices,
      html`<dl class="config">
          ${facts(record, config).map(
            ([name, value]) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>
        <div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Layers')}>${layers(config)}</div>`,
    );
  },
};

function facts({ environment, execution }: RunRecord, config: RunConfig): (readonly [string, string])[] {
  const { data } = config;
  return [
    [l10n.t('Data'), l10n.t('{0}: {1} to train, {2} to test', data.name, count(data.train), count(data.test))],
    [l10n.t('Licence of the data'), data.licence],
    [l10n.t('Optimizer'), optimizerText(config)],
    [l10n.t('Loss'), config.loss],
    ...(config.reference === undefined ? [] : [[l10n.t('Compared with'), referenceText(config.reference)] as const]),
    [l10n.t('Batch size'), count(config.batchSize)],
    [l10n.t('Seed'), String(config.seed)],
    [l10n.t('Parameters'), count(config.parameters)],
    ...(environment.engine === undefined ? [] : [[l10n.t('Engine'), engineText(environment.engine)] as const]),
    ...(execution === undefined ? [] : [[l10n.t('Training step'), executionText(execution)] as const]),
    [l10n.t('Machine'), machineText(environment)],
  ];
}

/** Which one, and why this one. */
const engineText = ({ package: name, reason }: EngineInfo): string => (reason === '' ? name : `${name}: ${reason}`);

function machineText({ platform, cpus }: RunRecord['environment']): string {
  return cpus === 1 ? l10n.t('{0}, 1 processor', platform) : l10n.t('{0}, {1} processors', platform, cpus);
}

function referenceText(reference: NonNullable<RunConfig['reference']>): string {
  return l10n.t(
    '{0}: {1}, learning rate {2}, {3}, {4}',
    reference.label,
    reference.optimizer,
    short(reference.learningRate),
    reference.loss,
    reference.parameters === 1 ? l10n.t('1 parameter') : l10n.t('{0} parameters', count(reference.parameters)),
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

function layers({ layers: all, parameters }: RunConfig): TemplateResult {
  return html`<table class="layers">
    <thead>
      <tr>
        <th scope="col">${l10n.t('Layer')}</th>
        <th scope="col">${l10n.t('Type')}</th>
        <th scope="col" class="number">${l10n.t('Output shape')}</th>
        <th scope="col" class="number">${l10n.t('Parameters')}</th>
      </tr>
    </thead>
    <tbody>
      ${all.map(
        ({ name, type, outputShape, parameters: own }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${type}</td>
            <td class="number">[${outputShape.map((size) => size ?? 'null').join(', ')}]</td>
            <td class="number">${count(own)}</td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colspan="3">${l10n.t('Total')}</th>
        <td class="number">${count(parameters)}</td>
      </tr>
    </tfoot>
  </table>`;
}

function optimizerText({ optimizer, learningRate, schedule }: RunConfig): string {
  return schedule === undefined
    ? l10n.t('{0}, learning rate {1}', optimizer, short(learningRate))
    : l10n.t('{0}, learning rate {1} at first, then as {2} says', optimizer, short(learningRate), schedule);
}

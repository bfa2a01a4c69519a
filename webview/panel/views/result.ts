/** After the end: how and why, the final figures, and what can be done next. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { referenceName, seriesParts, validationName, type RunRecord } from '../../../src/protocol/run';
import { figure } from '../../../src/words/numbers';
import { canResume } from '../../kit/text/states';
import { endSentence } from '../../../src/words/runs';
import { button } from '../toolkit';
import type { Post } from '../vscodeApi';
import type { View } from './view';

export function result(post: Post): View {
  const resume = (): TemplateResult =>
    button({
      text: l10n.t('Resume From Last Checkpoint'),
      icon: 'debug-continue',
      appearance: 'secondary',
      onClick: () => {
        post({ type: 'command', command: 'resumeFromCheckpoint' });
      },
    });
  return {
    render: ({ store }) => {
      const record = store.foreground?.run.record;
      // Of a run that failed before its first step the error card says all there is.
      const { end, progress } = record ?? {};
      if (record === undefined || end === undefined || (end.error !== undefined && progress?.step === 0))
        return nothing;
      return html`<section class="card result" aria-label=${l10n.t('Result')}>
        <div class="result-text">
          <p class="result-sentence">${endSentence(record)}</p>
          ${end.unattended ? html`<p class="quiet">${l10n.t('It ended while no window was open.')}</p>` : nothing}
          ${canResume(record) ? resume() : nothing}
        </div>
        ${Object.keys(record.latest).length === 0 ? nothing : figures(record)}
      </section>`;
    },
  };
}

/** One row a metric, train and validation beside each other; then the same of the model to compare with. */
function figures({ latest, config, referenceEnd }: RunRecord): TemplateResult {
  const names = [...new Set(Object.keys(latest).map((name) => seriesParts(name).metric))];
  const value = (name: string): string => {
    const number = latest[name];
    return number === undefined ? '–' : figure(number);
  };
  const validated = names.some((name) => validationName(name) in latest);
  const reference = referenceEnd === undefined ? config?.reference?.label : undefined;
  const shown = [
    ...names.map((name) => ({ name, title: name })),
    ...(reference === undefined
      ? []
      : names.map((name) => ({ name: referenceName(name), title: `${name} · ${reference}` }))),
  ];
  return html`<table class="figures">
    <thead>
      <tr>
        <td></td>
        <th scope="col">${l10n.t('train')}</th>
        ${validated ? html`<th scope="col">${l10n.t('validation')}</th>` : nothing}
      </tr>
    </thead>
    <tbody>
      ${shown.map(
        ({ name, title }) =>
          html`<tr>
            <th scope="row">${title}</th>
            <td class="number">${value(name)}</td>
            ${validated ? html`<td class="number">${value(validationName(name))}</td>` : nothing}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

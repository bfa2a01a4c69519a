/** What stands above the run: a lost connection, long work before the first step, an error. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { assertNever, type LabErrorData, type SourceLocation } from '../../../src/protocol/errors';
import { ACTIVE_STATES } from '../../../src/protocol/run';
import { cssVariables } from '../../kit/dom/directives';
import { percent } from '../../../src/words/numbers';
import { icon } from '../icon';
import type { Connection, PanelStore } from '../store';
import { button } from '../toolkit';
import type { Post } from '../vscodeApi';
import type { View } from './view';

export function connectionBanner(post: Post): View {
  const onClick = (): void => {
    post({ type: 'command', command: 'showLog' });
  };
  return {
    render: ({ store }) => {
      const notice = connectionNotice(store);
      if (notice === '') return nothing;
      return html`<div class="banner">
        ${icon('debug-disconnect')}<span>${notice}</span>
        ${button({ text: l10n.t('Show Log'), appearance: 'secondary', onClick })}
      </div>`;
    },
  };
}

/** Why the run in the foreground cannot be reached; empty where it can, or has ended and needs no trainer. */
export function connectionNotice({ foreground, connection }: PanelStore): string {
  return foreground !== undefined && ACTIVE_STATES.has(foreground.run.record.state) ? connectionText(connection) : '';
}

function connectionText(connection: Connection): string {
  switch (connection) {
    case 'attached':
      return '';
    case 'starting':
      return l10n.t('Starting the training process …');
    case 'lost':
      return l10n.t(
        'The connection to the training process is lost. What came before is shown; the lab tries to attach again.',
      );
    case 'other':
      return l10n.t(
        'The lab was updated while this run trained. It goes on as it was begun, and is shown as it stands on disk.',
      );
    default:
      return assertNever(connection);
  }
}

export const activity: View = {
  render: ({ store }) => {
    const preparing = store.foreground?.run.record.state === 'preparing';
    if (!preparing && store.activity === undefined) return nothing;
    const text = store.activity?.text ?? l10n.t('Reading the model file and building the model …');
    const fraction = store.activity?.fraction ?? null;
    return html`<div class="activity">
      <div class="activity-line">
        <span class="activity-text">${text}</span>
        <span class="number">${fraction === null ? '' : percent(fraction)}</span>
      </div>
      <div
        class=${fraction === null ? 'bar bar-unknown' : 'bar'}
        role="progressbar"
        aria-label=${text}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${fraction === null ? nothing : Math.round(fraction * 100)}
      >
        <div class="bar-fill" ${cssVariables({ '--share': String(fraction ?? 0) })}></div>
      </div>
    </div>`;
  },
};

export function errorCard(post: Post): View {
  const link = ({ file, line, column }: SourceLocation): TemplateResult => {
    const name = file.split(/[\\/]/).pop() ?? file;
    const open = (): void => {
      post({ type: 'openLocation', file, line, column });
    };
    const text = l10n.t('{0}, line {1}, column {2}', name, line, column);
    return html`<button class="link" type="button" title=${file} @click=${open}>${text}</button>`;
  };
  return {
    render: ({ store }) => {
      const error = store.error ?? store.foreground?.run.record.end?.error;
      return error === undefined ? nothing : card(error, link);
    },
  };
}

function card(error: LabErrorData, link: (place: SourceLocation) => TemplateResult): TemplateResult {
  const { message, code, expected, found, location, remedy, trace = [], details = '' } = error;
  return html`<section class="card error-card" aria-label=${l10n.t('Error')}>
    <div class="error-head">
      ${icon('error')}
      <h2>${message}</h2>
      <code class="error-code">${code}</code>
    </div>
    ${values([
      [l10n.t('Expected'), expected],
      [l10n.t('Found'), found],
    ])}
    ${location === undefined ? nothing : html`<p>${link(location)}</p>`}
    ${remedy === undefined ? nothing : html`<p class="remedy">${icon('lightbulb')}<span>${remedy}</span></p>`}
    ${
      trace.length === 0
        ? nothing
        : html`<details>
            <summary>${l10n.t('Called from')}</summary>
            <ul class="places">
              ${trace.map((place) => html`<li>${link(place)}</li>`)}
            </ul>
          </details>`
    }
    ${
      details === ''
        ? nothing
        : html`<details>
            <summary>${l10n.t('Details')}</summary>
            <pre tabindex="0">${details}</pre>
          </details>`
    }
  </section>`;
}

/** Names and what they stand for, where there is something. */
export function values(rows: readonly (readonly [string, string | undefined])[]): TemplateResult | typeof nothing {
  const known = rows.filter(([, value]) => value !== undefined);
  if (known.length === 0) return nothing;
  return html`<dl class="error-values">
    ${known.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

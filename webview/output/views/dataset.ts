/** A data set: how much there is of what, and some of it. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { DatasetDisplay } from '../../../src/protocol/display';
import { count } from '../../../src/words/numbers';
import { block } from '../../kit/dom/block';
import { painted } from '../../kit/dom/directives';
import { paintPixels } from '../../kit/pictures/paint';
import type { Theme } from '../../kit/theme/theme';
import type { OutputView } from '../view';
import { Figure } from './figure';
import { tableOf } from './table';

export class DatasetView implements OutputView<'dataset'> {
  readonly element = block('stack');
  readonly #balance = new Figure();
  readonly #points = new Figure();

  draw(data: DatasetDisplay, theme: Theme): void {
    const { name, train, test, licence, inputs, targets, balance, points, table } = data;
    if (balance !== undefined) this.#showBalance(data, balance);
    if (points !== undefined) this.#showPoints(data, points);
    const fields = (named: Readonly<Record<string, string>>): string =>
      Object.entries(named)
        .map(([field, text]) => (field === '' ? text : `${field} ${text}`))
        .join(', ');
    render(
      html`<p>
          <strong>${name}</strong>
          <span class="number">${l10n.t('{0} examples to train, {1} to test', count(train), count(test))}</span>
        </p>
        <dl class="facts">
          <dt>${l10n.t('input')}</dt>
          <dd class="number">${fields(inputs)}</dd>
          <dt>${l10n.t('target')}</dt>
          <dd class="number">${fields(targets)}</dd>
          <dt>${l10n.t('source')}</dt>
          <dd class="quiet">${licence}</dd>
        </dl>
        ${samplesOf(data)}
        <div class="side-by-side">
          ${points === undefined ? nothing : this.#points.element}${balance === undefined ? nothing : this.#balance.element}
        </div>
        ${table === undefined ? nothing : tableOf(table.columns, table)}`,
      this.element,
    );
    if (balance !== undefined) this.#balance.redraw(theme);
    if (points !== undefined) this.#points.redraw(theme);
  }

  dispose(): void {
    this.#balance.dispose();
    this.#points.dispose();
  }

  #showBalance({ classes }: DatasetDisplay, balance: NonNullable<DatasetDisplay['balance']>): void {
    const places = Float32Array.from(classes, (_, place) => place);
    this.#balance.set({
      title: l10n.t('Examples of each class'),
      x: { label: '', scale: 'linear' },
      y: { label: '', scale: 'linear' },
      categories: classes,
      series: [
        { kind: 'bars', label: l10n.t('train'), x: places, y: Float32Array.from(balance.train) },
        { kind: 'bars', label: l10n.t('test'), x: places, y: Float32Array.from(balance.test) },
      ],
    });
  }

  #showPoints({ classes }: DatasetDisplay, points: NonNullable<DatasetDisplay['points']>): void {
    this.#points.set({
      title: l10n.t('Training examples'),
      x: { label: '', scale: 'linear' },
      y: { label: '', scale: 'linear' },
      series: classes.map((label, place) => {
        const own = points.filter((point) => point.label === place);
        return {
          kind: 'points',
          label,
          x: Float32Array.from(own, ({ x }) => x),
          y: Float32Array.from(own, ({ y }) => y),
        };
      }),
    });
  }
}

function samplesOf({ samples, classes }: DatasetDisplay): TemplateResult | typeof nothing {
  if (samples === undefined) return nothing;
  return html`<ul class="pictures">
    ${samples.map(({ image, label, index }) => {
      if (image === undefined) return nothing;
      const name = classes[label] ?? String(label);
      const text = l10n.t('Training image {0}, {1}', index, name);
      return html`<li>
        <canvas
          class="picture"
          role="img"
          aria-label=${text}
          title=${text}
          ${painted((canvas) => {
            paintPixels(canvas, image);
          }, image.pixels)}
        ></canvas>
        <span class="picture-name" aria-hidden="true">${name}</span>
      </li>`;
    })}
  </ul>`;
}

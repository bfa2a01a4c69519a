/** What both models reach with how many training examples: a curve each, and the same figures as a table. */
import * as l10n from '@vscode/l10n';
import { html, render, type TemplateResult } from 'lit-html';
import type { SizeStudy } from '../../../../src/protocol/pictures';
import { createLineChart, spaceMarkers, styleDataset, type LineChart, type LineDataset } from '../../charts/chartjs';
import { lineLook, referenceLook, type LineLook } from '../../charts/looks';
import { swatch } from '../../charts/swatch';
import { block } from '../../dom/block';
import { count, figure } from '../../../../src/words/numbers';
import type { Theme } from '../../theme/theme';
import type { PictureView } from '../picture';
import { sizeRange, sizeTicks, valueRange } from './sizeScale';

interface Series {
  readonly label: string;
  readonly look: LineLook;
  readonly values: readonly (number | null)[];
}

export class SizeStudyView implements PictureView<'sizeStudy'> {
  readonly element = block('size-study');
  readonly #canvas = document.createElement('canvas');
  #chart: LineChart | undefined;

  constructor() {
    this.#canvas.ariaHidden = 'true';
  }

  draw(data: SizeStudy, theme: Theme): void {
    const series: readonly Series[] = [
      { label: data.label, look: lineLook(theme, 0, true), values: data.rows.map(({ value }) => value) },
      { label: data.referenceLabel, look: referenceLook(theme, true), values: data.rows.map((row) => row.reference) },
    ];
    const tableLabel = l10n.t('Figures by number of examples');
    render(
      html`<p>${data.summary}</p>
        <div class="size-study-parts">
          <div class="size-study-chart">
            <ul class="chart-legend">
              ${series.map(({ label, look }) => html`<li>${swatch(look)}<span>${label}</span></li>`)}
            </ul>
            <div class="size-study-plot">${this.#canvas}</div>
          </div>
          <div class="scroller" tabindex="0" role="region" aria-label=${tableLabel}>${table(data)}</div>
        </div>`,
      this.element,
    );
    this.#drawChart(data, series, theme);
  }

  dispose(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  #drawChart({ rows, metric }: SizeStudy, series: readonly Series[], theme: Theme): void {
    // Chart.js keeps the colours of markers for as long as it knows a data set: each drawing has new ones.
    const chart = (this.#chart ??= createLineChart(this.#canvas, { id: 'sizes' }, () => undefined));
    chart.data.datasets = series.map(({ look, values }) => {
      const samples = rows.flatMap(({ examples }, index) => {
        const y = values[index];
        return y === undefined || y === null ? [] : [{ x: examples, y }];
      });
      const dataset: LineDataset = { data: samples };
      styleDataset(dataset, look, false, theme);
      spaceMarkers(dataset, look);
      return dataset;
    });
    const ticks = { color: theme.muted, font: { family: theme.fontFamily, size: 11 } };
    const border = { color: theme.grid };
    const title = (text: string): object => ({ display: true, text, ...ticks });
    chart.options.scales = {
      x: {
        type: 'logarithmic',
        ...sizeRange(rows.map(({ examples }) => examples)),
        border,
        grid: { color: 'transparent' },
        title: title(l10n.t('training examples')),
        ticks: { ...ticks, maxRotation: 0, autoSkip: false, callback: (value) => count(Number(value)) },
        afterBuildTicks: (scale) => {
          const most = Math.max(2, Math.floor(scale.width / 44));
          scale.ticks = sizeTicks(
            rows.map(({ examples }) => examples),
            most,
          ).map((value) => ({ value }));
        },
      },
      y: {
        type: 'linear',
        border,
        grid: { color: theme.grid },
        title: title(metric),
        ...valueRange(
          rows.flatMap(({ value, reference }) => [value, reference]),
          metric === 'val_accuracy',
        ),
        ticks: { ...ticks, includeBounds: false, maxTicksLimit: 6 },
      },
    };
    chart.update('none');
  }
}

function table({ rows, label, referenceLabel, metric }: SizeStudy): TemplateResult {
  const titles = [l10n.t('examples'), l10n.t('epochs'), label, referenceLabel];
  const cell = (value: number | null): TemplateResult => html`<td class="number">${figure(value ?? Number.NaN)}</td>`;
  return html`<table class="figures">
    <caption class="quiet">
      ${l10n.t('{0} after training on so many examples', metric)}
    </caption>
    <thead>
      <tr>
        ${titles.map((title) => html`<th scope="col" class="number">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ examples, epochs, value, reference }) =>
          html`<tr>
            <th scope="row" class="number">${count(examples)}</th>
            <td class="number">${count(epochs)}</td>
            ${cell(value)}${cell(reference)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

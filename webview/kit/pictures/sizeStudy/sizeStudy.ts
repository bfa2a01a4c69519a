/** What both models reach with how many training examples: a curve each, and the same figures as a table. */
import * as l10n from '@vscode/l10n';
import type { SizeStudy } from '../../../../src/protocol/run';
import { createLineChart, spaceMarkers, styleDataset, type LineChart, type LineDataset } from '../../charts/chartjs';
import { lineLook, referenceLook, type LineLook } from '../../charts/looks';
import { createSwatch } from '../../charts/swatch';
import { h } from '../../dom/elements';
import { count, figure } from '../../text/format';
import type { Theme } from '../../theme/theme';
import { sizeRange, sizeTicks, valueRange } from './sizeScale';

interface Series {
  readonly label: string;
  readonly look: LineLook;
  readonly values: readonly (number | null)[];
}

export class SizeStudyView {
  readonly #summary = h('p');
  readonly #legend = h('ul', { class: 'chart-legend' });
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #table = h('table', { class: 'figures' });
  readonly element = h(
    'div',
    { class: 'size-study' },
    this.#summary,
    h(
      'div',
      { class: 'size-study-parts' },
      h('div', { class: 'size-study-chart' }, this.#legend, h('div', { class: 'size-study-plot' }, this.#canvas)),
      h(
        'div',
        { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': l10n.t('Figures by number of examples') },
        this.#table,
      ),
    ),
  );
  #chart: LineChart | undefined;

  draw(data: SizeStudy, theme: Theme): void {
    this.#summary.textContent = data.summary;
    const series: readonly Series[] = [
      { label: data.label, look: lineLook(theme, 0, true), values: data.rows.map(({ value }) => value) },
      { label: data.referenceLabel, look: referenceLook(theme, true), values: data.rows.map((row) => row.reference) },
    ];
    this.#legend.replaceChildren(
      ...series.map(({ label, look }) => h('li', {}, createSwatch(look), h('span', { text: label }))),
    );
    this.#table.replaceChildren(...tableRows(data));
    this.#drawChart(data, series, theme);
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

function tableRows({ rows, label, referenceLabel, metric }: SizeStudy): HTMLElement[] {
  const header = (text: string): HTMLElement => h('th', { scope: 'col', class: 'number', text });
  const cell = (value: number | null): HTMLElement => h('td', { class: 'number', text: figure(value ?? Number.NaN) });
  return [
    h('caption', { class: 'quiet', text: l10n.t('{0} after training on so many examples', metric) }),
    h('thead', {}, h('tr', {}, ...[l10n.t('examples'), l10n.t('epochs'), label, referenceLabel].map(header))),
    h(
      'tbody',
      {},
      ...rows.map(({ examples, epochs, value, reference }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', class: 'number', text: count(examples) }),
          h('td', { class: 'number', text: count(epochs) }),
          cell(value),
          cell(reference),
        ),
      ),
    ),
  ];
}

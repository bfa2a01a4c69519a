/** What models of several sizes reach: val_loss against parameters and against operations, and the same as tables. */
import * as l10n from '@vscode/l10n';
import { html, render, type TemplateResult } from 'lit-html';
import type { ModelSizes } from '../../../../src/protocol/pictures';
import { count, figure, powerOfTen, short } from '../../../../src/words/numbers';
import { exponentText } from '../../../../src/words/pictures/modelSizes';
import { createLineChart, spaceMarkers, styleDataset, type LineChart, type LineDataset } from '../../charts/chartjs';
import { lineLook, referenceLook, type LineLook } from '../../charts/looks';
import { swatch } from '../../charts/swatch';
import type { Sample } from '../../data/sampling';
import { block } from '../../dom/block';
import type { Theme } from '../../theme/theme';
import type { PictureView } from '../picture';
import { sizeRange } from '../sizeStudy/sizeScale';
import { lawLine, logTicks, withExponent } from './lines';

interface Series {
  readonly label: string;
  readonly look: LineLook;
  readonly samples: readonly Sample[];
}

type Axis = 'parameters' | 'flops';

export class ModelSizesView implements PictureView<'modelSizes'> {
  readonly element = block('model-sizes');
  readonly #charts: Record<Axis, Chart> = { parameters: new Chart(), flops: new Chart() };

  draw(data: ModelSizes, theme: Theme): void {
    const shown = (['parameters', 'flops'] as const).map((axis) => ({ axis, series: seriesOf(data, axis, theme) }));
    const tableLabel = l10n.t('Figures by size');
    render(
      html`<p>${data.summary}</p>
        <div class="model-sizes-charts">
          ${shown.map(
            ({ axis, series }) =>
              html`<div>
                <ul class="chart-legend">
                  ${series.map(({ label, look }) => html`<li>${swatch(look)}<span>${label}</span></li>`)}
                </ul>
                <div class="model-sizes-plot">${this.#charts[axis].canvas}</div>
              </div>`,
          )}
        </div>
        <div class="scroller" tabindex="0" role="region" aria-label=${tableLabel}>${table(data)}</div>`,
      this.element,
    );
    for (const { axis, series } of shown) this.#charts[axis].draw(series, axis, theme);
  }

  dispose(): void {
    for (const chart of Object.values(this.#charts)) chart.dispose();
  }
}

/** Sizes as points, or as the way that each takes; the law that fits; the slopes that others have found. */
function seriesOf({ rows, laws, published = [] }: ModelSizes, axis: Axis, theme: Theme): Series[] {
  const measured: Series[] =
    axis === 'parameters'
      ? [
          {
            label: 'val_loss',
            look: { ...lineLook(theme, 0, true), width: 0 },
            samples: rows.flatMap(({ parameters, value }) => (value === null ? [] : [{ x: parameters, y: value }])),
          },
        ]
      : rows.map(({ label, curve }, place) => ({
          label,
          look: lineLook(theme, place, true),
          samples: curve.map(({ flops, value }) => ({ x: flops, y: value })),
        }));
  const xs = measured.flatMap(({ samples }) => samples.map(({ x }) => x));
  const law = laws[axis];
  if (law === undefined) return measured;
  const ends = [Math.min(...xs), Math.max(...xs)] as const;
  const line = { ...referenceLook(theme, false), dash: [] };
  return [
    ...measured,
    { label: l10n.t('fitted: −{0}', exponentText(law.exponent)), look: line, samples: lawLine(law, ends) },
    ...published.map(({ source, [axis]: exponent }, index) => ({
      label: l10n.t('slope of {0}: −{1}', source, exponentText(exponent)),
      look: { ...line, dash: index === 0 ? [8, 6] : [2, 4] },
      samples: lawLine(withExponent(law, exponent, ends), ends),
    })),
  ];
}

class Chart {
  readonly canvas = document.createElement('canvas');
  #chart: LineChart | undefined;

  constructor() {
    this.canvas.ariaHidden = 'true';
  }

  draw(series: readonly Series[], axis: Axis, theme: Theme): void {
    // Chart.js keeps the colours of markers for as long as it knows a data set: each drawing has new ones.
    const chart = (this.#chart ??= createLineChart(this.canvas, { id: 'modelSizes' }, () => undefined));
    chart.data.datasets = series.map(({ look, samples }) => {
      const dataset: LineDataset = { data: [...samples] };
      styleDataset(dataset, look, false, theme);
      if (look.width === 0) dataset.showLine = false;
      spaceMarkers(dataset, look);
      return dataset;
    });
    const measured = series.flatMap(({ look, samples }) => (look.point === false ? [] : samples));
    chart.options.scales = {
      x: scale(
        measured.map(({ x }) => x),
        { title: axis === 'parameters' ? l10n.t('parameters') : l10n.t('floating-point operations'), theme },
        axis === 'parameters' ? count : powerOfTen,
      ),
      y: scale(
        measured.map(({ y }) => y),
        { title: 'val_loss', theme },
        short,
      ),
    };
    chart.update('none');
  }

  dispose(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }
}

function scale(
  values: readonly number[],
  { title, theme }: { readonly title: string; readonly theme: Theme },
  write: (value: number) => string,
): NonNullable<NonNullable<LineChart['options']['scales']>[string]> {
  const ticks = { color: theme.muted, font: { family: theme.fontFamily, size: 11 } };
  const range = values.length === 0 ? { min: 1, max: 10 } : sizeRange(values);
  return {
    type: 'logarithmic',
    ...range,
    border: { color: theme.grid },
    grid: { color: theme.grid },
    title: { display: true, text: title, ...ticks },
    ticks: { ...ticks, maxRotation: 0, autoSkip: true, autoSkipPadding: 12, callback: (value) => write(Number(value)) },
    afterBuildTicks: (axis) => {
      axis.ticks = logTicks(range.min, range.max).map((value) => ({ value }));
    },
  };
}

function table({ rows }: ModelSizes): TemplateResult {
  const titles = [l10n.t('parameters'), l10n.t('operations'), 'val_loss', l10n.t('seconds')];
  return html`<table class="figures">
    <caption class="quiet">
      ${l10n.t('Each trained from the start on the same data')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${l10n.t('size')}</th>
        ${titles.map((title) => html`<th scope="col" class="number">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ label, parameters, flops, value, seconds }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td class="number">${count(parameters)}</td>
            <td class="number">${powerOfTen(flops)}</td>
            <td class="number">${figure(value)}</td>
            <td class="number">${count(seconds)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

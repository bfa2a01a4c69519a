/** One metric: title with the newest values, the plot, the values under the pointer, and the same in words. */
import * as l10n from '@vscode/l10n';
import { h, setAttribute, setHidden, setText, uniqueId } from '../dom/elements';
import { metricTitle } from '../text/curves';
import { count, duration, epochText, figure } from '../text/format';
import type { Theme } from '../theme/theme';
import type { Range } from './axes';
import type { Crosshair } from './crosshair';
import { valueNear, type Line } from './lines';
import { lookOf } from './looks';
import { Plot, type PlotInput } from './plot';
import { createSwatch } from './swatch';
import { Tooltip, type TooltipRow } from './tooltip';

export class MetricChart {
  readonly element: HTMLElement;
  readonly plot: Plot;
  readonly #metric: string;
  readonly #crosshair: Crosshair;
  readonly #legend = h('ul', { class: 'chart-legend' });
  readonly #area: HTMLElement;
  readonly #waiting = h('p', { class: 'chart-waiting' });
  readonly #tooltip = new Tooltip();
  readonly #summary: HTMLElement;
  readonly #unsubscribe: () => void;
  #input: PlotInput | undefined;
  #legendKey = '';

  constructor(metric: string, crosshair: Crosshair, onResize: () => void) {
    this.#metric = metric;
    this.#crosshair = crosshair;
    const name = metricTitle(metric);
    const title = uniqueId('chart');
    const summary = uniqueId('summary');
    const canvas = h('canvas', { 'aria-hidden': 'true' });
    this.#area = h(
      'div',
      {
        class: 'plot',
        role: 'slider',
        tabindex: 0,
        'aria-label': l10n.t('{0} by position; arrow keys read values', name),
        'aria-describedby': summary,
        'aria-valuemin': 0,
        'aria-valuemax': 0,
        'aria-valuenow': 0,
      },
      canvas,
      this.#waiting,
      this.#tooltip.element,
    );
    this.#summary = h('p', { class: 'chart-summary', id: summary });
    this.element = h(
      'section',
      { class: 'chart', 'aria-labelledby': title, 'data-metric': metric },
      h('header', { class: 'chart-head' }, h('h3', { id: title, text: name }), this.#legend),
      this.#area,
      this.#summary,
    );
    this.plot = new Plot(canvas, crosshair, onResize);
    this.#listen();
    this.#unsubscribe = crosshair.onChange(() => {
      this.#point();
    });
  }

  /** Takes the chart out of the page, for good. */
  dispose(): void {
    this.#unsubscribe();
    if (this.#crosshair.pointing?.source === this) this.#crosshair.point(undefined);
    this.plot.chart.destroy();
    this.element.remove();
  }

  get metric(): string {
    return this.#metric;
  }

  get lines(): readonly Line[] {
    return this.#input?.lines ?? [];
  }

  draw(input: PlotInput): void {
    this.#input = input;
    setHidden(
      this.#waiting,
      input.lines.some((line) => line.values.length > 0),
    );
    this.plot.draw(input);
    this.#drawLegend(input);
    setAttribute(this.#area, 'aria-valuemin', String(input.range.from));
    setAttribute(this.#area, 'aria-valuemax', String(input.range.to));
    if (this.#crosshair.pointing !== undefined) this.#point();
    else this.#follow(input.range);
  }

  /** The value of a slider that has the focus is said each time that it changes: then it stays while it can. */
  #follow({ from, to }: Range): void {
    const now = Number(this.#area.getAttribute('aria-valuenow'));
    if (document.activeElement === this.#area && from <= now && now <= to) return;
    setAttribute(this.#area, 'aria-valuenow', String(to));
  }

  /** What stands in the place of curves that have no point. `trained`: there are points, which are on their way. */
  wait(trained: boolean): void {
    setText(this.#waiting, trained ? l10n.t('Reading the curves …') : l10n.t('Waiting for the first step …'));
  }

  describe(text: string): void {
    setText(this.#summary, text);
  }

  /** Newest values of the foreground's curves. */
  #drawLegend({ lines, theme }: PlotInput): void {
    const shown = lines.filter((line) => line.place === 0 && !line.faint).reverse();
    const own = [...shown.filter((line) => !line.reference), ...shown.filter((line) => line.reference)];
    const colors = [theme.series.slice(0, 2), theme.foreground, theme.background, theme.highContrast];
    const key = JSON.stringify([own.map((line) => line.label), colors]);
    if (key !== this.#legendKey) {
      this.#legendKey = key;
      this.#legend.replaceChildren(
        ...own.map((line) =>
          h(
            'li',
            {},
            createSwatch(lookOf(theme, line)),
            h('span', { class: 'chart-legend-name', text: legendName(line) }),
            h('span', { class: 'number' }),
          ),
        ),
      );
    }
    own.forEach((line, index) => {
      const number = this.#legend.children[index]?.lastElementChild;
      let last = line.values.length - 1;
      while (last > 0 && !Number.isFinite(line.values.at(last))) last--;
      if (number) setText(number, figure(line.values.at(last)));
    });
  }

  #listen(): void {
    this.#area.addEventListener('pointermove', (event) => {
      const left = this.#area.getBoundingClientRect().left;
      this.#crosshair.point({ x: this.plot.valueAt(event.clientX - left), source: this });
    });
    this.#area.addEventListener('pointerleave', () => {
      this.#crosshair.point(undefined);
    });
    this.#area.addEventListener('blur', () => {
      this.#crosshair.point(undefined);
    });
    this.#area.addEventListener('keydown', (event) => {
      this.#key(event);
    });
  }

  #key(event: KeyboardEvent): void {
    if (this.#input === undefined) return;
    const { from, to } = this.#input.range;
    const now = this.#crosshair.pointing?.x ?? to;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: now - (to - from) / 100,
      ArrowDown: now - (to - from) / 100,
      ArrowRight: now + (to - from) / 100,
      ArrowUp: now + (to - from) / 100,
      PageDown: now - (to - from) / 10,
      PageUp: now + (to - from) / 10,
      Home: from,
      End: to,
    };
    const x = moves[event.key];
    if (event.key === 'Escape') this.#crosshair.point(undefined);
    if (x === undefined) return;
    event.preventDefault();
    this.#crosshair.point({ x: Math.min(to, Math.max(from, x)), source: this });
  }

  #point(): void {
    const pointing = this.#crosshair.pointing;
    if (this.#input === undefined) return;
    this.plot.redraw();
    if (pointing?.source !== this) {
      this.#showNothing();
      return;
    }
    const { axis, theme, lines } = this.#input;
    const rows = lines.flatMap((line) => {
      const near = valueNear(line, axis, pointing.x);
      return near === undefined ? [] : [{ line, ...near }];
    });
    const nearest = rows.find((row) => !row.line.validation && !row.line.reference) ?? rows[0];
    if (nearest === undefined) {
      this.#showNothing();
      return;
    }
    const { step, epoch, time } = nearest.line.table.x;
    const title = l10n.t(
      'Step {0} · epoch {1} · {2}',
      count(step.at(nearest.index)),
      epochText(epoch.at(nearest.index)),
      duration(time.at(nearest.index)),
    );
    const x = nearest.line.table.x[axis].at(nearest.index);
    this.#tooltip.show(title, this.#rows(rows, theme), this.plot.pixelOf(x), this.#area.clientWidth);
    setAttribute(this.#area, 'aria-valuenow', String(x));
    const values = rows.map(({ line, y }) => `${line.label} ${figure(y)}`).join(', ');
    setAttribute(this.#area, 'aria-valuetext', `${title}: ${values}`);
  }

  /** Forgets the values of an earlier position. */
  #showNothing(): void {
    this.#tooltip.hide();
    setAttribute(this.#area, 'aria-valuetext', undefined);
  }

  /** The curves of a run in one row, and those of the model that it is compared with in one below. */
  #rows(values: readonly { readonly line: Line; readonly y: number }[], theme: Theme): TooltipRow[] {
    const rowOf = ({ place, reference }: Line): number => place + (reference ? 0.5 : 0);
    const rows = [...new Set(values.map(({ line }) => rowOf(line)))].sort((a, b) => a - b);
    return rows.map((row) => {
      const own = values.filter(({ line }) => rowOf(line) === row && !line.faint);
      const train = own.find(({ line }) => !line.validation);
      const validation = own.find(({ line }) => line.validation);
      // The foreground's two curves differ in colour; of others the one with markers says all, where there is one.
      const shown = row === 0 ? [train, validation] : [validation ?? train];
      return {
        looks: shown.flatMap((value) => (value === undefined ? [] : [lookOf(theme, value.line)])),
        name: own[0]?.line.run ?? '',
        train: train === undefined ? '' : figure(train.y),
        validation: validation === undefined ? '' : figure(validation.y),
      };
    });
  }
}

function legendName({ validation, reference, run }: Line): string {
  const name = validation ? l10n.t('validation') : l10n.t('train');
  return reference ? `${run} · ${name}` : name;
}

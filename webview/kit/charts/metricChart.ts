/** One metric: title with the newest values, the plot, the values under the pointer, and the same in words. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { createRef, ref } from 'lit-html/directives/ref.js';
import { focusedBeside } from '../dom/focus';
import { uniqueId } from '../dom/ids';
import { metricTitle } from '../text/curves';
import { count, epochPosition, figure } from '../../../src/words/numbers';
import { duration } from '../../../src/words/times';
import type { Theme } from '../theme/theme';
import type { Range } from './axes';
import type { Crosshair } from './crosshair';
import { valueNear, type Line } from './lines';
import { lookOf } from './looks';
import { Plot, type PlotInput } from './plot';
import { swatch } from './swatch';
import { Tooltip, type TooltipRow } from './tooltip';

/** Its element is put where the kit is mounted before it is drawn. */
export class MetricChart {
  readonly element = document.createElement('section');
  readonly plot: Plot;
  readonly #metric: string;
  readonly #crosshair: Crosshair;
  readonly #canvas = document.createElement('canvas');
  readonly #area = createRef<HTMLElement>();
  readonly #tooltip = new Tooltip();
  readonly #summaryId = uniqueId('summary');
  readonly #unsubscribe: () => void;
  #input: PlotInput | undefined;
  #waiting = '';
  #summary = '';
  /** Position and values that the slider tells. */
  #now = 0;
  #values: string | undefined;

  constructor(metric: string, crosshair: Crosshair, onResize: () => void) {
    this.#metric = metric;
    this.#crosshair = crosshair;
    this.element.className = 'chart';
    this.element.dataset['metric'] = metric;
    this.element.ariaLabel = metricTitle(metric);
    this.#canvas.ariaHidden = 'true';
    this.plot = new Plot(this.#canvas, crosshair, onResize);
    this.#unsubscribe = crosshair.onChange(() => {
      this.#point();
    });
    this.#render();
  }

  /** Takes the chart out of the page, for good. */
  dispose(): void {
    this.#unsubscribe();
    if (this.#crosshair.pointing?.source === this) this.#crosshair.point(undefined);
    this.plot.dispose();
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
    this.plot.draw(input);
    if (this.#crosshair.pointing !== undefined) this.#point();
    else this.#follow(input.range);
  }

  /** The value of a slider that has the focus is said each time that it changes: then it stays while it can. */
  #follow({ from, to }: Range): void {
    const stays = focusedBeside(this.element) === this.#area.value && from <= this.#now && this.#now <= to;
    if (!stays) this.#now = to;
    this.#render();
  }

  /** What stands in the place of curves that have no point. `trained`: there are points, which are on their way. */
  wait(trained: boolean): void {
    this.#waiting = trained ? l10n.t('Reading the curves …') : l10n.t('Waiting for the first step …');
  }

  describe(text: string): void {
    this.#summary = text;
    this.#render();
  }

  #render(): void {
    const { lines, range } = this.#input ?? { lines: [], range: { from: 0, to: 0 } };
    const name = metricTitle(this.#metric);
    const empty = !lines.some((line) => line.values.length > 0);
    render(
      html`<header class="chart-head">
          <h3>${name}</h3>
          <ul class="chart-legend">
            ${this.#legend()}
          </ul>
        </header>
        <div
          class="plot"
          role="slider"
          tabindex="0"
          aria-label=${l10n.t('{0} by position; arrow keys read values', name)}
          aria-describedby=${this.#summaryId}
          aria-valuemin=${range.from}
          aria-valuemax=${range.to}
          aria-valuenow=${this.#now}
          aria-valuetext=${this.#values ?? nothing}
          @pointermove=${this.#onPointer}
          @pointerleave=${this.#onLeave}
          @blur=${this.#onLeave}
          @keydown=${this.#onKey}
          ${ref(this.#area)}
        >
          ${this.#canvas}${empty ? html`<p class="chart-waiting">${this.#waiting}</p>` : nothing}${this.#tooltip.element}
        </div>
        <p class="chart-summary" id=${this.#summaryId}>${this.#summary}</p>`,
      this.element,
    );
  }

  /** Newest values of the foreground's curves. */
  #legend(): TemplateResult[] {
    if (this.#input === undefined) return [];
    const { lines, theme } = this.#input;
    const shown = lines.filter((line) => line.place === 0 && !line.faint).reverse();
    const own = [...shown.filter((line) => !line.reference), ...shown.filter((line) => line.reference)];
    return own.map(
      (line) =>
        html`<li>
          ${swatch(lookOf(theme, line))}<span class="chart-legend-name">${legendName(line)}</span>
          <span class="number">${figure(newest(line))}</span>
        </li>`,
    );
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const left = this.#area.value?.getBoundingClientRect().left ?? 0;
    this.#crosshair.point({ x: this.plot.valueAt(event.clientX - left), source: this });
  };

  readonly #onLeave = (): void => {
    this.#crosshair.point(undefined);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
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
  };

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
      epochPosition(epoch.at(nearest.index)),
      duration(time.at(nearest.index)),
    );
    const x = nearest.line.table.x[axis].at(nearest.index);
    this.#tooltip.show(title, this.#rows(rows, theme), this.plot.pixelOf(x), this.#area.value?.clientWidth ?? 0);
    this.#now = x;
    this.#values = `${title}: ${rows.map(({ line, y }) => `${line.label} ${figure(y)}`).join(', ')}`;
    this.#render();
  }

  /** Forgets the values of an earlier position. */
  #showNothing(): void {
    this.#tooltip.hide();
    this.#values = undefined;
    this.#render();
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

function newest({ values }: Line): number {
  let last = values.length - 1;
  while (last > 0 && !Number.isFinite(values.at(last))) last--;
  return values.at(last);
}

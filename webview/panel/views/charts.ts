/** The curves of the run in the foreground and of those laid over it, with how they are drawn. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { ReferenceEnd } from '../../../src/protocol/run';
import { count } from '../../../src/words/numbers';
import { Curves, hasCurves } from '../../kit/charts/curves';
import type { MetricChart } from '../../kit/charts/metricChart';
import { chartOptions } from './chartOptions';
import type { Scene, View } from './view';

export class ChartsView implements View {
  readonly #curves: Curves;

  constructor(resized: () => void) {
    this.#curves = new Curves(resized);
  }

  get charts(): readonly MetricChart[] {
    return this.#curves.charts;
  }

  render({ store: { foreground }, choices }: Scene): TemplateResult | typeof nothing {
    if (foreground === undefined || !hasCurves(foreground)) return nothing;
    const { config, referenceEnd } = foreground.run.record;
    return html`<section class="charts" aria-label=${l10n.t('Curves')}>
      ${chartOptions(choices)}
      ${
        referenceEnd === undefined
          ? nothing
          : html`<p class="charts-note" role="status">${endedText(config?.reference?.label ?? '', referenceEnd)}</p>`
      }
      ${this.#curves.element}
    </section>`;
  }

  drawn({ store: { foreground, overlays }, choices, theme }: Scene): void {
    if (foreground === undefined || !hasCurves(foreground)) return;
    this.#curves.draw(foreground, overlays, choices.state, theme);
  }
}

function endedText(label: string, end: ReferenceEnd): string {
  return l10n.t('The curves of "{0}" end at step {1}. {2}', label, count(end.step - 1), end.message);
}

/** The numbers of a few elements of a tensor: its value, and on the way back its gradients. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { TensorSample, WalkNode } from '../../../../src/protocol/pictures';
import { digits } from './digits';
import { spoken } from './formula';
import { nameOf } from './rules';
import { pickedText, position } from './walkSteps';

interface Column {
  readonly title: string;
  readonly sample: TensorSample;
}

export function walkNumbers(node: WalkNode, isBack: boolean): TemplateResult {
  const columns = columnsOf(node, isBack);
  const size = node.shape.reduce((product, side) => product * side, 1);
  const line = (title: string, cell: (sample: TensorSample) => number | null | undefined): TemplateResult =>
    html`<tr>
      <th scope="row">${title}</th>
      ${columns.map(({ sample }) => html`<td class="number">${digits(cell(sample))}</td>`)}
    </tr>`;
  const whole = [
    line(l10n.t('least'), ({ min }) => min),
    line(l10n.t('mean'), ({ mean }) => mean),
    line(l10n.t('largest'), ({ max }) => max),
  ];
  return html`<div class="stack">
    <div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Numbers of this step')}>
      <table class="walk-numbers">
        <thead>
          <tr>
            <th scope="col">${l10n.t('element')}</th>
            ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${node.picked.map((index, i) => line(position(index, node.shape), ({ picked }) => picked[i]))}
        </tbody>
        <tfoot>
          ${size === 1 ? nothing : whole}
        </tfoot>
      </table>
    </div>
    <p class="quiet">${noteOf(node, isBack, size)}</p>
  </div>`;
}

function columnsOf(node: WalkNode, isBack: boolean): Column[] {
  const slope = `∂L/∂${spoken(nameOf(node))}`;
  const columns: Column[] = [{ title: l10n.t('value'), sample: node.value }];
  if (isBack && node.gradient !== undefined) {
    const title = node.own === undefined ? slope : l10n.t("{0}, TensorFlow's", slope);
    columns.push({ title, sample: node.gradient });
  }
  if (isBack && node.own !== undefined) columns.push({ title: l10n.t('{0}, yours', slope), sample: node.own.gradient });
  return columns;
}

function noteOf(node: WalkNode, isBack: boolean, size: number): string {
  const { picked, gradient, own } = node;
  const notes: string[] = [];
  if (picked.length < size) notes.push(pickedText(node));
  if (isBack && own !== undefined) notes.push(comparison(own, gradient));
  return notes.join(' ');
}

function comparison({ difference }: NonNullable<WalkNode['own']>, gradient: TensorSample | undefined): string {
  if (gradient === undefined) return l10n.t('TensorFlow gives no gradient to compare yours with.');
  return difference === null
    ? l10n.t(
        "Your gradient is not TensorFlow's: one of the two is zero everywhere, or has elements that are not finite.",
      )
    : l10n.t("Your gradient and TensorFlow's differ by {0} of its largest element.", digits(difference));
}

/** The numbers of a few elements of a tensor: its value, and on the way back its gradients. */
import * as l10n from '@vscode/l10n';
import type { TensorSample, WalkNode } from '../../../../src/protocol/run';
import { h, setText } from '../../dom/elements';
import { digits } from './digits';
import { spoken } from './formula';
import { nameOf } from './rules';
import { pickedText, position } from './walkSteps';

interface Column {
  readonly title: string;
  readonly sample: TensorSample;
}

export class WalkNumbers {
  readonly #head = h('thead');
  readonly #body = h('tbody');
  readonly #foot = h('tfoot');
  readonly #note = h('p', { class: 'quiet' });
  readonly element = h(
    'div',
    { class: 'stack' },
    h(
      'div',
      { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': l10n.t('Numbers of this step') },
      h('table', { class: 'walk-numbers' }, this.#head, this.#body, this.#foot),
    ),
    this.#note,
  );

  draw(node: WalkNode, isBack: boolean): void {
    const slope = `∂L/∂${spoken(nameOf(node))}`;
    const columns: Column[] = [{ title: l10n.t('value'), sample: node.value }];
    if (isBack && node.gradient !== undefined)
      columns.push({
        title: node.own === undefined ? slope : l10n.t("{0}, TensorFlow's", slope),
        sample: node.gradient,
      });
    if (isBack && node.own !== undefined)
      columns.push({ title: l10n.t('{0}, yours', slope), sample: node.own.gradient });
    const line = (title: string, cell: (sample: TensorSample) => number | null | undefined): HTMLElement =>
      h(
        'tr',
        {},
        h('th', { scope: 'row', text: title }),
        ...columns.map(({ sample }) => h('td', { class: 'number', text: digits(cell(sample)) })),
      );
    this.#head.replaceChildren(
      h(
        'tr',
        {},
        h('th', { scope: 'col', text: l10n.t('element') }),
        ...columns.map(({ title }) => h('th', { scope: 'col', text: title })),
      ),
    );
    this.#body.replaceChildren(
      ...node.picked.map((index, i) => line(position(index, node.shape), ({ picked }) => picked[i])),
    );
    const size = node.shape.reduce((product, side) => product * side, 1);
    this.#foot.replaceChildren(
      ...(size === 1
        ? []
        : [
            line(l10n.t('least'), ({ min }) => min),
            line(l10n.t('mean'), ({ mean }) => mean),
            line(l10n.t('largest'), ({ max }) => max),
          ]),
    );
    setText(this.#note, noteOf(node, isBack, size));
  }
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

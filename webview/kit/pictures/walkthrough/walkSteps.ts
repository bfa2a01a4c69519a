/** The stations of a walk in the order of going: forward to the loss, then backward to the parameters. */
import * as l10n from '@vscode/l10n';
import type { TensorSample, WalkNode } from '../../../../src/protocol/pictures';
import { count } from '../../../../src/words/numbers';
import { digits } from './digits';
import { slope, spoken } from './formula';
import { backwardFormula, forwardFormula, nameOf } from './rules';

export interface WalkStep {
  readonly direction: 'forward' | 'backward';
  readonly node: WalkNode;
}

const elements = ({ shape }: WalkNode): number => shape.reduce((product, side) => product * side, 1);

/** Single constants stand in the formulas that use them; everything else is a station. */
const isStation = (node: WalkNode): boolean =>
  node.kind !== 'constant' || node.role !== undefined || elements(node) > 1;

export function walkSteps(nodes: readonly WalkNode[]): readonly WalkStep[] {
  const forward = nodes.filter(isStation);
  const backward = nodes.filter(({ gradient, own }) => gradient !== undefined || own !== undefined).reverse();
  return [
    ...forward.map((node) => ({ direction: 'forward', node }) as const),
    ...backward.map((node) => ({ direction: 'backward', node }) as const),
  ];
}

/** What a node is, in a word or two. */
export function kindText({ kind, role, operation }: WalkNode): string {
  if (role === 'loss') return l10n.t('the loss');
  if (role === 'output') return l10n.t('the output of the model');
  switch (kind) {
    case 'input':
      return l10n.t('the example');
    case 'target':
      return l10n.t('its label');
    case 'parameter':
      return l10n.t('a parameter');
    case 'constant':
      return l10n.t('a constant');
    case 'operation':
      return operation?.kernel.replace(/^_/, '') ?? '';
  }
}

/** One sentence on a step, for whoever cannot see it. */
export function stepSentence({ direction, node }: WalkStep, nodes: readonly WalkNode[]): string {
  const name = nameOf(node);
  const formula =
    direction === 'forward'
      ? (forwardFormula(node, nodes) ?? name)
      : // Of the learner's own gradient alone nobody knows how it came to be.
        (backwardFormula(node, nodes) ?? slope(name));
  const sample = direction === 'forward' ? node.value : (node.gradient ?? node.own?.gradient ?? node.value);
  const range =
    elements(node) === 1 ? digits(sample.picked[0]) : l10n.t('from {0} to {1}', digits(sample.min), digits(sample.max));
  const what = spoken(formula);
  return direction === 'forward'
    ? l10n.t('Forward: {0}, {1}, shape [{2}]: {3}.', what, kindText(node), node.shape.join(', '), range)
    : l10n.t('Backward: {0}, shape [{1}]: {2}.', what, node.shape.join(', '), range);
}

/** "[3, 17]" for a flat index. */
export function position(index: number, shape: readonly number[]): string {
  const at: number[] = [];
  let rest = index;
  for (const side of shape.toReversed()) {
    at.unshift(rest % side);
    rest = Math.floor(rest / side);
  }
  return `[${at.join(', ')}]`;
}

/** Which elements are listed: the trainer picks them by TensorFlow's gradient, else by the learner's, else by the value. */
export function pickedText({ picked, gradient, own }: WalkNode): string {
  return [gradient, own?.gradient].some(isSomewhere)
    ? l10n.t('The {0} elements with the largest gradients are listed.', count(picked.length))
    : l10n.t('The {0} elements of largest magnitude are listed.', count(picked.length));
}

/** Not zero everywhere. */
function isSomewhere(gradient: TensorSample | undefined): boolean {
  return gradient !== undefined && (gradient.min !== 0 || gradient.max !== 0);
}

import * as l10n from '@vscode/l10n';
import type { PictureData, TensorSample, WalkNode, WalkStop } from '../../protocol/pictures';
import { nameOfClass } from './classes';
import { short } from '../numbers';

type Walk = Extract<PictureData, { readonly kind: 'walkthrough' }>;

/**
 * Differences below these are rounding: float32 has seven digits, and sums of many lose some. Where an example is
 * learned, its gradients are themselves small differences of numbers near 1, and only the absolute one tells anything.
 */
const ROUNDING = { relative: 1e-4, absolute: 1e-6 };

export function describeWalk({ nodes, connected, stops, classes, example }: Walk): string {
  const label = nameOfClass(classes, example.label);
  if (stops.tooLong !== undefined)
    return l10n.t('The model computes more than {0} operations: too many to walk through.', stops.tooLong);
  const loss = nodes.find(({ role }) => role === 'loss')?.value.mean;
  const sentences = [
    loss === undefined || loss === null
      ? l10n.t('The first test example, {0}, on its way through the model.', label)
      : l10n.t('The first test example, {0}, goes through the model and gets the loss {1}.', label, short(loss)),
  ];
  if (stops.forward !== undefined) sentences.push(l10n.t('There the code stops: {0}', stopText(stops.forward)));
  else if (stops.backward !== undefined)
    sentences.push(l10n.t('TensorFlow cannot go back from there: {0}', stopText(stops.backward)));
  else if (!connected)
    sentences.push(l10n.t('The loss does not depend on the parameters: it is a constant, so nothing flows back yet.'));
  else
    sentences.push(
      l10n.t('On the way back, the chain rule gives the gradient of each of {0} parameters.', flowing(nodes)),
    );
  sentences.push(...ownSentence(nodes, stops.gradients));
  return sentences.join(' ');
}

const flowing = (nodes: readonly WalkNode[]): number =>
  nodes.filter(({ kind, gradient }) => kind === 'parameter' && gradient !== undefined).length;

function stopText(stop: WalkStop): string {
  switch (stop.reason) {
    case 'thrown':
      return stop.message;
    case 'noOutput':
      return l10n.t('forward gave no tensor.');
  }
}

function ownSentence(nodes: readonly WalkNode[], stop: WalkStop | undefined): string[] {
  if (stop !== undefined) return [l10n.t('Your gradients stop: {0}', stopText(stop))];
  const compared = nodes.flatMap(({ symbol, own, gradient }) => {
    // Beside a gradient that is itself no number, any other is as good.
    if (own === undefined || gradient === undefined || !isFinite(gradient)) return [];
    const { difference } = own;
    const size = largest(gradient);
    const absolute = difference === null ? largest(own.gradient) : difference * size;
    return [{ name: symbol.base, difference, size, absolute }];
  });
  if (compared.length === 0) return [];
  const different = compared.filter(
    ({ difference, absolute }) => (difference ?? Infinity) > ROUNDING.relative && absolute > ROUNDING.absolute,
  );
  return different.length === 0
    ? [
        l10n.t(
          "Your gradients are TensorFlow's: the largest difference is {0}, of gradients up to {1}.",
          short(Math.max(...compared.map(({ absolute }) => absolute))),
          short(Math.max(...compared.map(({ size }) => size))),
        ),
      ]
    : [
        l10n.t(
          "Your gradient differs from TensorFlow's for {0}.",
          different
            .map(({ name, difference }) => (difference === null ? name : `${name} (${short(difference)})`))
            .join(', '),
        ),
      ];
}

/** A sum with anything in it that is no number is none either. */
const isFinite = ({ mean }: TensorSample): boolean => mean !== null;

/** The largest magnitude; infinite where something is no number. */
function largest(sample: TensorSample): number {
  return isFinite(sample) ? Math.max(Math.abs(sample.min ?? 0), Math.abs(sample.max ?? 0)) : Infinity;
}

/** What is said of dropout: whether it keeps the expectation. Needs no browser. */
import * as l10n from '@vscode/l10n';
import type { MaskedLayer } from '../../../../src/protocol/pictures';
import { count, figure } from '../../../../src/words/numbers';

export function passesText(passes: number): string {
  return passes === 1 ? l10n.t('1 pass') : l10n.t('{0} passes', count(passes));
}

/** The factor that would keep the expectation. */
const needed = ({ dropped }: MaskedLayer): number => 1 / (1 - dropped);

/** Dropped shares scatter, the fewer the draws the more: only what is off by more is a missing or wrong scaling. */
function isKept(layer: MaskedLayer): boolean {
  const { dropped, units, passes } = layer;
  const deviation = Math.sqrt(dropped / ((1 - dropped) * units * passes));
  return Math.abs(layer.scale / needed(layer) - 1) < Math.max(0.1, 4 * deviation);
}

export function whyText(layers: readonly MaskedLayer[]): string {
  const off = layers.find((layer) => !isKept(layer));
  const scale =
    off === undefined
      ? l10n.t(
          'What is kept is scaled up, so on average the next layer receives what it receives at test time, when nothing is dropped: the expectation is kept.',
        )
      : l10n.t(
          'What is kept is multiplied by {0}, but {1} would keep the expectation: in training the next layer receives on average something else than at test time.',
          figure(off.scale),
          figure(needed(off)),
        );
  const help = l10n.t(
    'It helps against overfitting because no unit can rely on a certain other one being there: each has to be useful with many different partners, and what fits only single training examples finds no hold.',
  );
  return `${scale} ${help}`;
}

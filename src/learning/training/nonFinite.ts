/** Explains a loss that is no number any more. */
import * as l10n from '@vscode/l10n';
import { LabError, type SourceLocation } from '../../protocol/errors';
import type { NonFinite } from './learner';

export function nonFiniteLoss(
  step: number,
  loss: number,
  origin: NonFinite,
  learningRate: number,
  location: SourceLocation | undefined,
): LabError {
  return new LabError({
    code: 'NON_FINITE_LOSS',
    message: l10n.t('The loss is {0} at step {1}. {2}', String(loss), step, where(origin)),
    expected: l10n.t('a finite loss'),
    found: String(loss),
    remedy: l10n.t(
      'Usual causes: a learning rate that is too high (it was {0}), inputs that were not scaled, or a logarithm of zero, for example probabilities where the loss expects logits.',
      learningRate,
    ),
    ...(location === undefined ? {} : { location }),
  });
}

function where(origin: NonFinite): string {
  const layer = origin.layer ?? '';
  switch (origin.what) {
    case 'input':
      return l10n.t('The batch itself holds values that are not finite.');
    case 'weights':
      return l10n.t('It first appeared in the weights of "{0}", after the previous step.', layer);
    case 'output':
      return layer === ''
        ? l10n.t("It first appeared in the model's output.")
        : l10n.t('It first appeared in the output of "{0}".', layer);
    case 'loss':
      return l10n.t('Every layer is finite; it first appeared in the loss itself.');
  }
}

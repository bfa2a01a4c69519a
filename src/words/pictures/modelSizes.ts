import * as l10n from '@vscode/l10n';
import type { ModelSizes } from '../../protocol/pictures';
import { count, decimal, figure, powerOfTen } from '../numbers';

/** The sentences that say what the study has shown so far. */
export function describeModelSizes({ rows, laws, published = [] }: Omit<ModelSizes, 'summary'>): string {
  const ordered = rows.toSorted((a, b) => a.parameters - b.parameters);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) return '';
  const sentences = (first === last ? [first] : [first, last]).map(({ label, parameters, flops, value }) =>
    l10n.t(
      '"{0}", {1} parameters, reaches val_loss {2} with {3} operations.',
      label,
      count(parameters),
      figure(value),
      powerOfTen(flops),
    ),
  );
  if (laws.parameters !== undefined && laws.flops !== undefined) {
    sentences.push(
      l10n.t(
        'The loss falls as parameters to the power −{0} and as operations to the power −{1}.',
        exponentText(laws.parameters.exponent),
        exponentText(laws.flops.exponent),
      ),
    );
    for (const { source, parameters, flops } of published) {
      sentences.push(l10n.t('{0}: −{1} and −{2}.', source, exponentText(parameters), exponentText(flops)));
    }
  }
  return sentences.join(' ');
}

/** "0.076": where it is negative, the minus sign stands after the one that is there. */
export const exponentText = (exponent: number): string => decimal(exponent, 3, 3);

/** Whether augmentations fit the data that they are to change. */
import * as l10n from '@vscode/l10n';
import type { Augmentation } from './augment/augmentation';
import { invalid } from './check';
import { isPlain, type Dataset } from './dataset';

/** @param gradients the learner's own, where there are any: they know no shares. @throws LabError EXPERIMENT_INVALID */
export function checkAugment(value: unknown, data: Dataset, gradients: unknown): void {
  if (value === undefined) return;
  const field = 'augment';
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const wrong = list.findIndex((one) => !isAugmentation(one));
  if (!Array.isArray(value) || wrong >= 0) {
    const found = Array.isArray(value) ? list[wrong] : value;
    const expected = l10n.t('a list of augmentations, e.g. [augment.flip(), augment.crop(4)]');
    const name = typeof found === 'function' ? found.name : '';
    throw invalid({
      field,
      expected,
      found,
      ...(name === '' ? {} : { remedy: l10n.t('Call it: {0}().', `augment.${name}`) }),
    });
  }
  if (list.length === 0) return;
  const augmentations = list as readonly Augmentation[];
  if (!isPlain(data) || (data.inputType ?? 'float32') !== 'float32' || data.inputShape[0] === null) {
    throw invalid({
      field,
      expected: l10n.t('data with one input of numbers and one target'),
      found: data.name,
      remedy: l10n.t("Remove '{0}'.", field),
    });
  }
  const { inputShape } = data;
  for (const { name, fits } of augmentations) {
    if (fits === 'any' || (fits === 'images' ? inputShape.length === 3 : inputShape.length >= 2)) continue;
    const expected = fits === 'images' ? '[height, width, channels]' : '[frames, …]';
    throw invalid({
      field: `augment: ${name}`,
      expected: l10n.t('inputs of shape {0}', expected),
      found: `[${inputShape.join(', ')}]`,
      remedy: l10n.t("Remove '{0}'.", name),
    });
  }
  const mixing = augmentations.filter(({ shares }) => shares !== undefined);
  if (mixing.length > 1)
    throw invalid({ field, expected: l10n.t('mixup once'), found: l10n.t('{0} of them', mixing.length) });
  if (mixing.length === 0 || gradients === undefined) return;
  throw invalid({
    field: 'augment: mixup',
    expected: l10n.t("no 'gradients', or no mixup"),
    found: l10n.t('both'),
    remedy: l10n.t("Remove 'gradients': TensorFlow then differentiates 'forward'."),
  });
}

function isAugmentation(value: unknown): value is Augmentation {
  if (typeof value !== 'object' || value === null) return false;
  const parts: Readonly<Record<string, unknown>> = { ...value };
  return (
    typeof parts['name'] === 'string' && (typeof parts['apply'] === 'function' || typeof parts['shares'] === 'function')
  );
}

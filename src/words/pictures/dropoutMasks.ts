import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';
import { nameOfClass } from './classes';
import { short } from '../numbers';

type Masks = Extract<PictureData, { readonly kind: 'dropoutMasks' }>;

export function describeMasks({ classes, example, layers }: Masks): string {
  const each = layers.map(({ dropped, scale }) =>
    l10n.t('{0} % dropped, the rest times {1}', Math.round(dropped * 100), short(scale)),
  );
  return l10n.t(
    'In training, each pass of the first test example, {0}, drops other units. Layer by layer: {1}.',
    nameOfClass(classes, example.label),
    each.join('; '),
  );
}

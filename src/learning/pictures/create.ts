import { isPlain, type PlainDataset, type Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import { isPlainSplit } from '../../lab/fields';
import type { Tokenizer } from '../../lab/tokenizers/tokenizer';
import { isLayers } from '../training/build';
import { ConfusionMaker } from './confusionMatrix';
import { DecidingMaker } from './decidingWords';
import { BoundaryMaker } from './decisionBoundary';
import { MasksMaker } from './dropoutMasks';
import type { PictureContext, PictureMaker, TextContext } from './maker';
import { WalkthroughMaker } from './walkthrough';
import { EmbeddingMaker } from './wordEmbedding';
import { MistakesMaker } from './worstMistakes';
import { WritingMaker } from './writing';

type Given = Omit<PictureContext, 'data' | 'test'> & {
  readonly test: Split;
  readonly tokenizer: Tokenizer | undefined;
};

/**
 * What there is to see follows from the kind of data and of model; a lesson declares nothing. Of data with several inputs
 * or targets there is no picture, of rows that do not lie in plain memory those of language models alone.
 */
export function createPictureMakers(given: Given): readonly PictureMaker[] {
  const { experiment, test, tokenizer } = given;
  const { data } = experiment;
  if (test.length === 0 || !isPlain(data)) return [];
  if (tokenizer !== undefined && foretells(data)) {
    const context = { ...given, data, tokenizer };
    return isLarge(experiment) ? [] : [new WritingMaker(context), new EmbeddingMaker(context)];
  }
  if (!isPlainSplit(test)) return [];
  const context = { ...given, data, test };
  return [
    ...(tokenizer !== undefined && isOfTokens(data) ? textMakers({ ...context, tokenizer }) : []),
    ...classificationMakers(context),
    ...(isLayers(experiment) || isLarge(experiment) ? [] : [new WalkthroughMaker(context, experiment)]),
    ...(isLarge(experiment) ? [] : [new MasksMaker(context)]),
  ];
}

/** What follows every operation, or asks for every token anew, takes too long with a large frozen model. */
function isLarge(experiment: Experiment): boolean {
  return !isLayers(experiment) && experiment.frozen !== undefined;
}

function textMakers(context: PictureContext & Pick<TextContext, 'tokenizer'>): readonly PictureMaker[] {
  const { classes, targetShape } = context.data;
  const isClassification = classes.length >= 2 && targetShape.length === 0;
  return isClassification && !isLarge(context.experiment)
    ? [new DecidingMaker(context), new EmbeddingMaker(context)]
    : [];
}

function isOfTokens({ inputType, inputShape }: PlainDataset): boolean {
  return inputType === 'int32' && inputShape.length === 1 && typeof inputShape[0] === 'number';
}

/** A language model: of as many tokens, at each the one that follows. */
function foretells(data: PlainDataset): boolean {
  const { inputShape, targetShape, classes } = data;
  return isOfTokens(data) && targetShape.length === 1 && targetShape[0] === inputShape[0] && classes.length > 2;
}

function classificationMakers(context: PictureContext): readonly PictureMaker[] {
  const { data } = context;
  const isClassification = data.classes.length >= 2 && data.targetShape.length === 0;
  if (!isClassification) return [];
  return [
    ...(data.kind === 'points' ? [new BoundaryMaker(context)] : []),
    new ConfusionMaker(context),
    ...(data.kind === 'images' || data.picture !== undefined ? [new MistakesMaker(context)] : []),
  ];
}

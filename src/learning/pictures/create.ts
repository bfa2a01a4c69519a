import { isLayers } from '../training/build';
import { ConfusionMaker } from './confusionMatrix';
import { BoundaryMaker } from './decisionBoundary';
import { MasksMaker } from './dropoutMasks';
import type { PictureMaker, PictureContext } from './maker';
import { WalkthroughMaker } from './walkthrough';
import { MistakesMaker } from './worstMistakes';

/** What there is to see follows from the kind of data and of model; a lesson declares nothing. */
export function createPictureMakers(context: PictureContext): readonly PictureMaker[] {
  const { experiment } = context;
  if (context.test.length === 0) return [];
  return [
    ...classificationMakers(context),
    ...(isLayers(experiment) ? [] : [new WalkthroughMaker(context, experiment)]),
    new MasksMaker(context),
  ];
}

function classificationMakers(context: PictureContext): readonly PictureMaker[] {
  const { data } = context.experiment;
  const isClassification = data.classes.length >= 2 && data.targetShape.length === 0;
  if (!isClassification) return [];
  return [
    ...(data.kind === 'points' ? [new BoundaryMaker(context)] : []),
    new ConfusionMaker(context),
    ...(data.kind === 'images' || data.picture !== undefined ? [new MistakesMaker(context)] : []),
  ];
}

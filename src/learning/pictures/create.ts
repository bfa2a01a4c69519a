import { isPlain, type Split } from '../../lab/dataset';
import { isPlainSplit } from '../../lab/fields';
import { isLayers, type Functional } from '../training/build';
import { ConfusionMaker } from './confusionMatrix';
import { BoundaryMaker } from './decisionBoundary';
import { MasksMaker } from './dropoutMasks';
import type { PictureMaker, PictureContext } from './maker';
import { WalkthroughMaker } from './walkthrough';
import { MistakesMaker } from './worstMistakes';

/**
 * What there is to see follows from the kind of data and of model; a lesson declares nothing. Of data with several inputs
 * or targets, or with rows that do not lie in plain memory, there is no picture.
 */
export function createPictureMakers(
  given: Omit<PictureContext, 'data' | 'test'> & { readonly test: Split },
): readonly PictureMaker[] {
  const { experiment, test } = given;
  const { data } = experiment;
  if (test.length === 0 || !isPlain(data) || !isPlainSplit(test)) return [];
  const context = { ...given, data, test };
  return [
    ...classificationMakers(context),
    ...(isLayers(experiment) ? [new MasksMaker(context)] : functionalMakers(context, experiment)),
  ];
}

/** Both follow every operation, and back to every weight: a large frozen model has too many. */
function functionalMakers(context: PictureContext, experiment: Functional): readonly PictureMaker[] {
  if (experiment.frozen !== undefined) return [];
  return [new WalkthroughMaker(context, experiment), new MasksMaker(context)];
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

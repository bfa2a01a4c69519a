import { isLayers } from '../training/build';
import { ConfusionInspector } from './confusionMatrix';
import { BoundaryInspector } from './decisionBoundary';
import { MasksInspector } from './dropoutMasks';
import type { Inspector, InspectorContext } from './inspector';
import { WalkthroughInspector } from './walkthrough';
import { MistakesInspector } from './worstMistakes';

/** What there is to see follows from the kind of data and of model; a lesson declares nothing. */
export function createInspectors(context: InspectorContext): readonly Inspector[] {
  const { experiment } = context;
  if (context.test.length === 0) return [];
  return [
    ...classificationInspectors(context),
    ...(isLayers(experiment) ? [] : [new WalkthroughInspector(context, experiment)]),
    new MasksInspector(context),
  ];
}

function classificationInspectors(context: InspectorContext): readonly Inspector[] {
  const { data } = context.experiment;
  const isClassification = data.classes.length >= 2 && data.targetShape.length === 0;
  if (!isClassification) return [];
  return [
    ...(data.kind === 'points' ? [new BoundaryInspector(context)] : []),
    new ConfusionInspector(context),
    ...(data.kind === 'images' || data.picture !== undefined ? [new MistakesInspector(context)] : []),
  ];
}

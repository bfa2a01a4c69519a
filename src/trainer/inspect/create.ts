import { ConfusionInspector } from './confusionMatrix';
import { BoundaryInspector } from './decisionBoundary';
import type { Inspector, InspectorContext } from './inspector';
import { MistakesInspector } from './worstMistakes';

/** What there is to see follows from the kind of data; a lesson declares nothing. */
export function createInspectors(context: InspectorContext): readonly Inspector[] {
  const { data } = context.experiment;
  const isClassification = data.classes.length >= 2 && data.targetShape.length === 0;
  if (!isClassification) return [];
  return [
    ...(data.kind === 'points' ? [new BoundaryInspector(context)] : []),
    new ConfusionInspector(context),
    ...(data.kind === 'images' ? [new MistakesInspector(context)] : []),
  ];
}

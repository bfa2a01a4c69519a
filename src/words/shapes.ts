import type { InputShapes } from '../protocol/run';

/** [28, 28, 1]; of several inputs, tokens [64], pixels [28, 28, 1]. */
export function shapesText({ inputShape, inputs }: InputShapes): string {
  if (inputs === undefined) return shapeText(inputShape ?? []);
  return Object.entries(inputs)
    .map(([name, shape]) => `${name} ${shapeText(shape)}`)
    .join(', ');
}

export function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map(String).join(', ')}]`;
}

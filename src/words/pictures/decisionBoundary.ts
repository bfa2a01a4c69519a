import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';

type Boundary = Extract<PictureData, { readonly kind: 'decisionBoundary' }>;

export function describeBoundary({ classes, probabilities }: Boundary): string {
  const shares = sharesOf(atob(probabilities), classes.length);
  const each = classes.map((name, index) => `${name} ${Math.round((shares[index] ?? 0) * 100)}%`);
  return l10n.t('Share of the plane that the model gives to each class: {0}.', each.join(', '));
}

/** How much of the grid each class has. @param bytes a character a byte: [points · classes] */
function sharesOf(bytes: string, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  const points = bytes.length / classes;
  for (let point = 0; point < points; point++) {
    let most = 0;
    const value = (index: number): number => bytes.charCodeAt(point * classes + index);
    for (let index = 1; index < classes; index++) if (value(index) > value(most)) most = index;
    counts[most] = (counts[most] ?? 0) + 1;
  }
  return counts.map((count) => count / points);
}

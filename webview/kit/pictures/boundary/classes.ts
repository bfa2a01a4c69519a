/** Colour and shape of a class, in every picture the same. */
import type { Rgb } from '../../theme/color';
import type { Theme } from '../../theme/theme';

export type Mark = 'circle' | 'triangle' | 'square' | 'diamond' | 'cross' | 'down';
const MARKS: readonly Mark[] = ['circle', 'triangle', 'square', 'diamond', 'cross', 'down'];

export function classColor(theme: Theme, index: number): Rgb {
  return theme.series[index % theme.series.length] ?? theme.foreground;
}

export function classMark(index: number): Mark {
  return MARKS[index % MARKS.length] ?? 'circle';
}

/** Adds the outline of a mark to the current path. */
export function traceMark(context: CanvasRenderingContext2D, mark: Mark, x: number, y: number, r: number): void {
  const polygon = (...points: readonly (readonly [number, number])[]): void => {
    points.forEach(([dx, dy], index) => {
      if (index === 0) context.moveTo(x + dx * r, y + dy * r);
      else context.lineTo(x + dx * r, y + dy * r);
    });
    context.closePath();
  };
  switch (mark) {
    case 'circle':
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case 'triangle':
      polygon([0, -1.2], [1.1, 0.8], [-1.1, 0.8]);
      return;
    case 'down':
      polygon([0, 1.2], [1.1, -0.8], [-1.1, -0.8]);
      return;
    case 'square':
      polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
      return;
    case 'diamond':
      polygon([0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]);
      return;
    case 'cross':
      polygon(
        [-0.4, -1.2],
        [0.4, -1.2],
        [0.4, -0.4],
        [1.2, -0.4],
        [1.2, 0.4],
        [0.4, 0.4],
        [0.4, 1.2],
        [-0.4, 1.2],
        [-0.4, 0.4],
        [-1.2, 0.4],
        [-1.2, -0.4],
        [-0.4, -0.4],
      );
      return;
  }
}

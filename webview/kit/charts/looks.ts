/** How the curves of a run look. Runs differ in colour, in dashes and in the shape of their points. */
import type { Rgb } from '../theme/color';
import type { Theme } from '../theme/theme';

/** What decides how a curve looks. */
export interface Place {
  readonly place: number;
  readonly validation: boolean;
  /** Of the model that the foreground's is compared with. */
  readonly reference: boolean;
}

/** Of Chart.js's shapes those that are told apart when they are small. */
export type Marker = 'circle' | 'triangle' | 'rect' | 'rectRot' | 'star' | 'crossRot' | false;

export interface LineLook {
  readonly color: Rgb;
  readonly dash: readonly number[];
  /** false: no markers. */
  readonly point: Marker;
  readonly width: number;
  /** What is inside the markers, where they are only outlined. */
  readonly ground?: Rgb;
}

/** The foreground is solid; each overlay has a pattern and a shape of its own. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [10, 3, 2, 3], [12, 4], [6, 2, 2, 2, 2, 2]];
const POINTS: readonly Marker[] = ['circle', 'triangle', 'rect', 'rectRot', 'star', 'crossRot'];

export function lookOf(theme: Theme, { place, validation, reference }: Place): LineLook {
  return reference ? referenceLook(theme, validation) : lineLook(theme, place, validation);
}

/** `place` is 0 for the foreground, 1 to 5 for the overlays. Training curves carry no markers. */
export function lineLook(theme: Theme, place: number, validation: boolean): LineLook {
  const hue = place === 0 ? Number(validation) : place + 1;
  return {
    color: theme.series[hue % theme.series.length] ?? theme.foreground,
    dash: DASHES[place % DASHES.length] ?? [],
    point: validation ? (POINTS[place % POINTS.length] ?? 'circle') : false,
    // The markers make the thinner curve stand out as well.
    width: validation || place > 0 ? 1.5 : 2,
  };
}

/**
 * The model that the foreground's is compared with: dashed, in the colour of text, with squares that are only outlined.
 * It is drawn over the foreground's curves, which show between its dashes where the two are the same.
 */
export function referenceLook(theme: Theme, validation: boolean): LineLook {
  return {
    color: theme.foreground,
    dash: [8, 6],
    point: validation ? 'rect' : false,
    width: 1.5,
    ground: theme.background,
  };
}

import type { Rgb } from './color';

/** VS Code's theme as colours for canvases. Needs no browser. */
export interface Theme {
  readonly background: Rgb;
  readonly foreground: Rgb;
  /** For axis texts. */
  readonly muted: string;
  readonly grid: string;
  readonly focus: string;
  /** Distinct hues, the first two for train and validation. */
  readonly series: readonly Rgb[];
  readonly fontFamily: string;
  readonly highContrast: boolean;
}

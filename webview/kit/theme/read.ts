/** VS Code's theme as an element sees it. Each colour of a series is moved until it stands out from the background. */
import { over, readable, toCss, withAlpha, type Rgb } from './color';
import { parseColor } from './parse';
import type { Theme } from './theme';

const SERIES = ['blue', 'orange', 'green', 'purple', 'red', 'foreground', 'yellow'] as const;
/** For the rare theme that leaves a variable out. */
const FALLBACK = ['#3794ff', '#d18616', '#89d185', '#b180d7', '#f14c4c', '#888888', '#cca700'] as const;
const GRAPHIC_CONTRAST = 3;
const TEXT_CONTRAST = 4.5;

export function readTheme(element: HTMLElement): Theme {
  const style = getComputedStyle(element);
  const color = (name: string): Rgb | undefined => parseColor(style.getPropertyValue(`--vscode-${name}`));
  const white = { r: 255, g: 255, b: 255, a: 1 };
  const { highContrast, dark } = themeKind(element);
  const black = { r: 30, g: 30, b: 30, a: 1 };
  const background = over(color('editor-background') ?? (dark ? black : white), dark ? black : white);
  const foreground = over(color('foreground') ?? (dark ? white : black), background);
  const muted = readable(
    color('descriptionForeground') ?? foreground,
    background,
    foreground,
    highContrast ? 7 : TEXT_CONTRAST,
  );
  return {
    background,
    foreground,
    muted: toCss(muted),
    grid: toCss(withAlpha(foreground, highContrast ? 0.35 : 0.12)),
    focus: style.getPropertyValue('--vscode-focusBorder') || toCss(foreground),
    // Some themes make a chart colour transparent, for areas; a line needs its full hue.
    series: SERIES.map((name, index) => {
      const chosen = color(`charts-${name}`) ?? parseColor(FALLBACK[index] ?? '') ?? foreground;
      return readable(withAlpha(chosen, 1), background, foreground, GRAPHIC_CONTRAST);
    }),
    fontFamily: style.getPropertyValue('--vscode-font-family') || 'sans-serif',
    highContrast,
  };
}

/** What an element stands in, from the nearest, out of shadow roots too. */
export function ancestorsOf(element: Element): Element[] {
  const ancestors: Element[] = [];
  for (let at: Element | null = element; at !== null;) {
    const root: Node = at.getRootNode();
    at = at.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    if (at !== null) ancestors.push(at);
  }
  return ancestors;
}

/** VS Code tells the kind of theme by a class, of the body. */
function themeKind(element: Element): { readonly highContrast: boolean; readonly dark: boolean } {
  const has = (...names: readonly string[]): boolean =>
    ancestorsOf(element).some(({ classList }) => names.some((name) => classList.contains(name)));
  return {
    highContrast: has('vscode-high-contrast', 'vscode-high-contrast-light'),
    dark: !has('vscode-light', 'vscode-high-contrast-light'),
  };
}

/** VS Code's theme as colours for canvases. Each colour of a series is moved until it stands out from the background. */
import { over, parseColor, readable, toCss, withAlpha, type Rgb } from './color';
import type { Theme } from './themeColors';

export type { Theme } from './themeColors';

const SERIES = ['blue', 'orange', 'green', 'purple', 'red', 'foreground', 'yellow'] as const;
/** For the rare theme that leaves a variable out. */
const FALLBACK = ['#3794ff', '#d18616', '#89d185', '#b180d7', '#f14c4c', '#888888', '#cca700'] as const;
const GRAPHIC_CONTRAST = 3;
const TEXT_CONTRAST = 4.5;

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const color = (name: string): Rgb | undefined => parseColor(style.getPropertyValue(`--vscode-${name}`));
  const white = { r: 255, g: 255, b: 255, a: 1 };
  const kinds = document.body.classList;
  const highContrast = kinds.contains('vscode-high-contrast') || kinds.contains('vscode-high-contrast-light');
  const dark = !kinds.contains('vscode-light') && !kinds.contains('vscode-high-contrast-light');
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

/** VS Code tells of a new theme by the classes of the body and the variables on the root element. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

/** The same colours for the parts of the page that are not drawn: legends, tables. */
export function publishTheme(theme: Theme): void {
  theme.series.forEach((color, index) => {
    document.body.style.setProperty(`--series-${index}`, toCss(color));
  });
  document.body.style.setProperty('--muted', theme.muted);
}

/**
 * Where charts and pictures live: an element that somebody gives, in a document or in a shadow root. It gets the kit's
 * styles, which reach nothing outside of it, and VS Code's theme in colours that can be seen.
 */
import { styleSheet } from './styles';
import { toCss } from './theme/color';
import { ancestorsOf, readTheme } from './theme/read';
import type { Theme } from './theme/theme';

export interface Mounted {
  readonly theme: Theme;
  /** Ends the listening. The element is its owner's. */
  dispose(): void;
}

/**
 * @param element in the page already: its place decides where the styles go
 * @param onTheme called when VS Code changes its theme
 */
export function mount(element: HTMLElement, onTheme: (theme: Theme) => void = () => undefined): Mounted {
  const root = element.getRootNode();
  if (!(root instanceof Document || root instanceof ShadowRoot)) throw new Error('The element is in no page.');
  const sheet = styleSheet();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  element.classList.add('lab-kit');
  let theme = readTheme(element);
  publish(theme, element);
  // VS Code tells of a new theme by classes and variables on the elements around.
  const observer = new MutationObserver(() => {
    theme = readTheme(element);
    publish(theme, element);
    onTheme(theme);
  });
  for (const ancestor of ancestorsOf(element)) {
    observer.observe(ancestor, { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-id'] });
  }
  return {
    get theme() {
      return theme;
    },
    dispose: () => {
      observer.disconnect();
    },
  };
}

/** The same colours for the parts that are not drawn: legends, tables. */
function publish(theme: Theme, element: HTMLElement): void {
  theme.series.forEach((color, index) => {
    element.style.setProperty(`--series-${index}`, toCss(color));
  });
  element.style.setProperty('--muted', theme.muted);
  element.classList.toggle('high-contrast', theme.highContrast);
}

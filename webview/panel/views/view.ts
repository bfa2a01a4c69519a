/** A part of the page: built once, then told to look at the store again. It changes only what changed. */
import type { PanelStore } from '../data/store';
import type { View as ViewChoices } from '../state';
import type { Theme } from '../theme';

export interface Scene {
  readonly store: PanelStore;
  readonly choices: ViewChoices;
  readonly theme: Theme;
}

export interface View {
  readonly element: HTMLElement;
  draw(scene: Scene): void;
}

/** A part of the page: built once, then told to look at the store again. It changes only what changed. */
import type { Theme } from '../../kit/theme/theme';
import type { Choices } from '../state';
import type { PanelStore } from '../store';

export interface Scene {
  readonly store: PanelStore;
  readonly choices: Choices;
  readonly theme: Theme;
}

export interface View {
  readonly element: HTMLElement;
  draw(scene: Scene): void;
}

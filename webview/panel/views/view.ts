/** A part of the page, as a template of what it shows of the scene: lit-html changes only what is another one. */
import type { nothing, TemplateResult } from 'lit-html';
import type { Theme } from '../../kit/theme/theme';
import type { Choices } from '../state';
import type { PanelStore } from '../store';

export interface Scene {
  readonly store: PanelStore;
  readonly choices: Choices;
  readonly theme: Theme;
}

export interface View {
  render(scene: Scene): TemplateResult | typeof nothing;
  /** Once that is in the page: what is drawn rather than written, and where the focus goes. */
  drawn?(scene: Scene): void;
}

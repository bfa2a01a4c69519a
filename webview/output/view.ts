/** What every kind of output is made of. */
import type { Display, DisplayKind, Page } from '../../src/protocol/display';
import type { OutputToHost, RunMessage } from '../../src/protocol/output';
import type { Theme } from '../kit/theme/theme';

export type DisplayOf<K extends DisplayKind> = Extract<Display, { readonly kind: K }>;

/**
 * An output on the page. Its element is put where the kit is mounted, then it is drawn whenever its cell shows something
 * newer of the same kind, or the theme is another one; focus and scroll positions in it stay.
 */
export interface OutputView<K extends DisplayKind> {
  readonly element: HTMLElement;
  draw(display: DisplayOf<K>, theme: Theme): void;
  /** For good. */
  dispose?(): void;
}

/** What an output may ask of the window. Where nobody is there to answer, what is asked for does not come. */
export interface OutputHost {
  /** Whether a window answers at all. An exported page has none, and offers nothing that would need one. */
  readonly attended: boolean;
  post(message: OutputToHost): void;
  /** Undefined where the kernel has let it go. */
  readPage(handle: string, from: number, count: number): Promise<Page>;
  /** Everything of a run, from its beginning; ends with the function that is returned. */
  follow(folder: string, listener: (message: RunMessage) => void): () => void;
}

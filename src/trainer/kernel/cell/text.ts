import type { CellLanguage } from '../../../protocol/kernel';

/** A cell as it is written. */
export interface CellText {
  /** Its URI. */
  readonly cell: string;
  readonly source: string;
  readonly language: CellLanguage;
}

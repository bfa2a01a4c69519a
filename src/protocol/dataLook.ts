/** What is seen of a learner's own data before there is a model file for it. */

export interface LookAtTable {
  /** Absolute path. */
  readonly file: string;
}

export interface ColumnLook {
  readonly name: string;
  /** Nearly all that stands there is numbers. */
  readonly numbers: boolean;
  /** Whole ones alone. */
  readonly whole: boolean;
  /** Cells in which something stands, of the rows that were read. */
  readonly filled: number;
  /** Different ones among them. */
  readonly distinct: number;
  /** The first different ones, at most five. */
  readonly examples: readonly string[];
  /** Not worth being a feature: it is empty, numbers the rows, or names them. */
  readonly idle: boolean;
}

export interface TableLook {
  readonly columns: readonly ColumnLook[];
  /** Rows that were read: all, or the first some thousand. */
  readonly rows: number;
  /** Whether they are all. */
  readonly whole: boolean;
}

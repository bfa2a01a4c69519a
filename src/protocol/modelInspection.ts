/** What an editor shows beside a model file's text: told by a trainer that built the model without training it. */
import type { LabErrorData, SourceLocation } from './errors';
import type { InputShapes } from './run';

export interface InspectModel {
  /** Absolute path of the model file. */
  readonly modelFile: string;
  /** Its text, where the editor holds one that is newer than the file. */
  readonly source?: string;
}

/** One layer that exists. A call in a loop or a helper makes many. */
export interface LayerInstance {
  readonly name: string;
  /** The class as tfjs names it, e.g. "Conv2D". */
  readonly type: string;
  /** One for each time it was applied, batch dimension first, null where it is open. Empty: it is not in use. */
  readonly outputShapes: readonly (readonly (number | null)[])[];
  /** Undefined while it has no weights because it was never applied. */
  readonly parameters?: number;
  readonly trainable: boolean;
  /** The whole model, or a model in the model. */
  readonly isModel: boolean;
  /** The call that made it. */
  readonly location: SourceLocation;
  /** The calls of the learner's functions around it, innermost first. */
  readonly calledFrom: readonly SourceLocation[];
}

export interface RelatedPlace {
  readonly location: SourceLocation;
  readonly message: string;
}

export interface ModelProblem {
  /** error: a training would fail, or learn nothing sensible; warning: it would be worse than it could be. */
  readonly severity: 'error' | 'warning';
  readonly error: LabErrorData;
  /** Other places that have to do with it, e.g. the line that made the shape that does not fit. */
  readonly related: readonly RelatedPlace[];
}

/** Everything up to what went wrong: a file that cannot be read has problems and nothing else. */
export interface ModelInspection {
  readonly title?: string;
  readonly layers: readonly LayerInstance[];
  /** Of the whole model. */
  readonly parameters?: { readonly total: number; readonly trainable: number };
  /** As declared: the data itself is not read. */
  readonly data?: InputShapes & {
    readonly name: string;
    readonly train: number;
    readonly test: number;
    /** 0 for regression. */
    readonly classes: number;
  };
  readonly optimizer?: { readonly name: string; readonly learningRate?: number };
  readonly problems: readonly ModelProblem[];
}

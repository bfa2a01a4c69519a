import type * as vscode from 'vscode';
import type { Analysis } from '../../client/source/analysis';

/** Lenses of other features above parts of a model file, e.g. its exercises. */
export interface LensContributor {
  /** Its lenses of a document may be others now; undefined: of any. */
  readonly onDidChange: vscode.Event<vscode.TextDocument | undefined>;
  /** Must not wait for anything slow: lenses appear together. `document` is a model file. */
  lenses(document: vscode.TextDocument, analysis: Analysis): readonly vscode.CodeLens[];
}

import type * as vscode from 'vscode';
import type { Analysis } from '../../client/source/analysis';

/** The analysis of each document, made once for each version of its text. */
export class Analyses {
  private readonly cache = new WeakMap<vscode.TextDocument, { version: number; analysis: Analysis }>();

  /** The parser is loaded with the first model file, not at the start of the window. */
  async of(document: vscode.TextDocument): Promise<Analysis> {
    const known = this.cache.get(document);
    if (known?.version === document.version) return known.analysis;
    const { analyse } = await import('../../client/source/analyse');
    const { version } = document;
    const analysis = analyse(document.getText());
    this.cache.set(document, { version, analysis });
    return analysis;
  }
}

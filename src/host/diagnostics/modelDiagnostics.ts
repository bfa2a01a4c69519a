import * as vscode from 'vscode';
import type { LabErrorData } from '../../protocol/errors';

export const DIAGNOSTIC_SOURCE = 'Deep Learning Lab';

/** The error of the last run, at its place in the model file; gone with the next run, or when that line is edited. */
export class ModelDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('deep-learning-lab');
  private readonly edits: vscode.Disposable;

  /** Whether the editor underlines this error by itself; then it need not be underlined twice. */
  isShownAlready: (error: LabErrorData) => boolean = () => false;

  constructor() {
    this.edits = vscode.workspace.onDidChangeTextDocument((event) => {
      this.follow(event);
    });
  }

  set(error: LabErrorData): void {
    const { location } = error;
    if (location === undefined || this.isShownAlready(error)) return;
    const uri = vscode.Uri.file(location.file);
    const line = Math.max(0, location.line - 1);
    const column = Math.max(0, location.column - 1);
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const start = new vscode.Position(line, column);
    const range =
      document === undefined || line >= document.lineCount
        ? new vscode.Range(start, start.translate(0, 1))
        : (document.getWordRangeAtPosition(start) ?? new vscode.Range(start, document.lineAt(line).range.end));
    const diagnostic = new vscode.Diagnostic(range, describeError(error), vscode.DiagnosticSeverity.Error);
    diagnostic.source = DIAGNOSTIC_SOURCE;
    diagnostic.code = error.code;
    diagnostic.relatedInformation = (error.trace ?? []).map(
      (place) =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(
            vscode.Uri.file(place.file),
            new vscode.Position(Math.max(0, place.line - 1), Math.max(0, place.column - 1)),
          ),
          vscode.l10n.t('called from here'),
        ),
    );
    this.collection.set(uri, [diagnostic]);
  }

  shows(uri: vscode.Uri, code: string): boolean {
    return (this.collection.get(uri) ?? []).some((diagnostic) => diagnostic.code === code);
  }

  clear(file: string): void {
    this.collection.delete(vscode.Uri.file(file));
  }

  dispose(): void {
    this.edits.dispose();
    this.collection.dispose();
  }

  /** VS Code does not move diagnostics with the text. */
  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const current = this.collection.get(document.uri);
    if (current === undefined || current.length === 0) return;
    let kept = [...current];
    for (const { range, text } of contentChanges) {
      const shift = text.split('\n').length - 1 - (range.end.line - range.start.line);
      kept = kept.filter(({ range: own }) => own.end.line < range.start.line || own.start.line > range.end.line);
      for (const diagnostic of kept) {
        const own = diagnostic.range;
        if (own.start.line > range.end.line) {
          diagnostic.range = new vscode.Range(own.start.translate(shift), own.end.translate(shift));
        }
      }
    }
    this.collection.set(document.uri, kept);
  }
}

export function describeError({ message, expected, found, remedy }: LabErrorData): string {
  const lines = [message];
  if (expected !== undefined) lines.push(vscode.l10n.t('expected: {0}', expected));
  if (found !== undefined) lines.push(vscode.l10n.t('found: {0}', found));
  if (remedy !== undefined) lines.push(remedy);
  return lines.join('\n');
}

import * as vscode from 'vscode';
import type { Span } from '../../client/source/moves';
import type { LabErrorData, SourceLocation } from '../../protocol/errors';
import type { ModelProblem } from '../../protocol/modelInspection';
import { describeError, DIAGNOSTIC_SOURCE, type ModelDiagnostics } from '../diagnostics/modelDiagnostics';
import type { Inspections } from './inspections';

/** Underlines what is wrong with a model file, as long as it is. */
export class ModelProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('deep-learning-lab-model');
  /** Files that a model file imports and that have problems of its making. */
  private readonly elsewhere = new Map<string, readonly vscode.Uri[]>();
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly inspections: Inspections,
    private readonly runErrors: ModelDiagnostics,
  ) {
    this.subscription = inspections.onDidChange((document) => {
      this.show(document);
    });
    runErrors.isShownAlready = (error) => this.shows(error);
  }

  dispose(): void {
    this.subscription.dispose();
    this.collection.dispose();
  }

  private show(document: vscode.TextDocument): void {
    const { problems, elsewhere } = this.inspections.of(document);
    const shown = problems.map(({ problem, span }) => diagnosticOf(problem, rangeOf(document, span)));
    this.collection.set(document.uri, shown);
    // One mistake is underlined once.
    if (problems.some(({ problem }) => this.runErrors.shows(document.uri, problem.error.code))) {
      this.runErrors.clear(document.uri.fsPath);
    }
    this.showElsewhere(document.uri, elsewhere);
  }

  private showElsewhere(model: vscode.Uri, problems: readonly ModelProblem[]): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const problem of problems) {
      const { location } = problem.error;
      if (location === undefined) continue;
      const diagnostic = diagnosticOf(problem, rangeAt(location));
      byFile.set(location.file, [...(byFile.get(location.file) ?? []), diagnostic]);
    }
    for (const uri of this.elsewhere.get(model.toString()) ?? []) this.collection.delete(uri);
    this.elsewhere.set(
      model.toString(),
      [...byFile].map(([file, diagnostics]) => {
        const uri = vscode.Uri.file(file);
        this.collection.set(uri, diagnostics);
        return uri;
      }),
    );
  }

  private shows({ code, location }: LabErrorData): boolean {
    if (location === undefined) return false;
    return (this.collection.get(vscode.Uri.file(location.file)) ?? []).some((diagnostic) => diagnostic.code === code);
  }
}

export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

function diagnosticOf({ error, severity, related }: ModelProblem, range: vscode.Range): vscode.Diagnostic {
  const kind = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(range, describeError(error), kind);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = error.code;
  diagnostic.relatedInformation = related.map(
    ({ location, message }) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.file(location.file), rangeAt(location)),
        message,
      ),
  );
  return diagnostic;
}

/** The word at a place, where the file is open; else the place alone. */
function rangeAt({ file, line, column }: SourceLocation): vscode.Range {
  const start = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const uri = vscode.Uri.file(file).toString();
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
  return document?.getWordRangeAtPosition(start) ?? new vscode.Range(start, start.translate(0, 1));
}

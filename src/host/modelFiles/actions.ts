import * as vscode from 'vscode';
import type { Inspections } from './inspections';
import { rangeOf } from './problems';

/** Quick fixes for what is underlined, where the remedy is clear. */
export class ModelActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  constructor(private readonly inspections: Inspections) {}

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return this.inspections.of(document).problems.flatMap(({ problem, span, remedies }) => {
      const own = rangeOf(document, span);
      if (own.intersection(range) === undefined) return [];
      const shown = diagnostics.filter((one) => one.code === problem.error.code && one.range.isEqual(own));
      return remedies.map(({ title, edits }, index) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.diagnostics = shown;
        action.isPreferred = index === 0;
        action.edit = new vscode.WorkspaceEdit();
        for (const { start, end, text } of edits) {
          action.edit.replace(document.uri, rangeOf(document, { start, end }), text);
        }
        return action;
      });
    });
  }
}

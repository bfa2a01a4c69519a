import * as vscode from 'vscode';
import type { Inspections } from './inspections';

/** Shapes and sizes at the end of the lines that make them. */
export class ModelHints implements vscode.InlayHintsProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  readonly onDidChangeInlayHints = this.changed.event;

  constructor(private readonly inspections: Inspections) {
    this.subscription = inspections.onDidChange(() => {
      this.changed.fire();
    });
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    return this.inspections
      .of(document)
      .hints.map(({ at, label, details }) => {
        const hint = new vscode.InlayHint(document.positionAt(at), label);
        hint.paddingLeft = true;
        hint.tooltip = asText(details);
        return hint;
      })
      .filter(({ position }) => range.contains(position));
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}

/** Names come from the model file: nothing in them is taken for markdown. */
function asText(lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  lines.forEach((line, index) => {
    if (index > 0) text.appendMarkdown('\n\n');
    text.appendText(line);
  });
  return text;
}

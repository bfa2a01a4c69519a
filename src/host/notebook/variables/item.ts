import * as vscode from 'vscode';
import type { ValuePath, Variable } from '../../../protocol/kernel';
import { bytes } from '../../../words/numbers';
import { commandOf } from '../../app/commands';
import type { ValueReference } from '../../app/subjects';

/** A variable, or a part of what one holds. */
export class ValueItem extends vscode.TreeItem {
  constructor(
    readonly reference: ValueReference,
    { name, type, preview, shape, dtype, bytes: size, hasParts }: Variable,
  ) {
    super(name, hasParts ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
    // Unfolded parts stay unfolded when a cell has run.
    this.id = `${reference.notebook} ${reference.path.join('/')}`;
    const takes = size === undefined ? [] : [bytes(size)];
    this.description = [preview, ...takes].join(' · ');
    this.tooltip = tooltip(reference.label, [
      [vscode.l10n.t('Type'), type],
      ...(shape === undefined ? [] : [[vscode.l10n.t('Shape'), `[${shape.join(', ')}]`] as const]),
      ...(dtype === undefined ? [] : [[vscode.l10n.t('Element type'), dtype] as const]),
      ...takes.map((text) => [vscode.l10n.t('Size'), text] as const),
    ]);
    this.accessibilityInformation = { label: [name, type, preview, ...takes].join(', ') };
    this.iconPath = new vscode.ThemeIcon(ICONS[type] ?? 'symbol-variable');
    this.command = commandOf(vscode.l10n.t('Show Value'), 'deepLearningLab.showValue', reference);
  }

  /** Of a part of it, as one would write it. */
  part(place: number, name: string): ValueReference {
    const { notebook, path, label } = this.reference;
    const deeper: ValuePath = [...path, place];
    const isName = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name);
    return { notebook, path: deeper, label: isName ? `${label}.${name}` : `${label}[${name}]` };
  }
}

/** Parts that are not listed. */
export class MoreItem extends vscode.TreeItem {
  constructor(more: number) {
    super(vscode.l10n.t('{0} more', more));
  }
}

const ICONS: Readonly<Record<string, string>> = {
  Tensor: 'symbol-array',
  Variable: 'symbol-array',
  Array: 'symbol-array',
  Sequential: 'symbol-structure',
  Model: 'symbol-structure',
  Dataset: 'database',
  Object: 'symbol-object',
  function: 'symbol-method',
  class: 'symbol-class',
  number: 'symbol-numeric',
  string: 'symbol-string',
  boolean: 'symbol-boolean',
};

function tooltip(label: string, rows: readonly (readonly [string, string])[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString('**').appendText(label).appendMarkdown('**\n\n| | |\n|---|---|\n');
  for (const [name, value] of rows)
    text.appendMarkdown('| ').appendText(name).appendMarkdown(' | ').appendText(value).appendMarkdown(' |\n');
  return text;
}

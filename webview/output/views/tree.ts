/** A plain value: what is in it is unfolded. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { TreeDisplay, TreeNode } from '../../../src/protocol/display';
import { count } from '../../../src/words/numbers';
import { block } from '../../kit/dom/block';
import type { OutputView } from '../view';

export class TreeView implements OutputView<'tree'> {
  readonly element = block('tree');

  draw({ root }: TreeDisplay): void {
    render(branch(root, true), this.element);
  }
}

function branch(node: TreeNode, open: boolean): TemplateResult {
  const { children = [], more = 0 } = node;
  if (children.length === 0) return html`<div class="leaf">${line(node)}</div>`;
  return html`<details ?open=${open}>
    <summary>${line(node)}</summary>
    <div class="twigs">
      ${children.map((child) => branch(child, false))}
      ${more === 0 ? nothing : html`<div class="leaf quiet">${l10n.t('… and {0} more', count(more))}</div>`}
    </div>
  </details>`;
}

function line({ key, text, type }: TreeNode): TemplateResult {
  return html`${key === undefined ? nothing : html`<span class="key">${key}: </span>`}<span class="value of-${type}"
      >${text}</span
    >`;
}

import * as vscode from 'vscode';
import { readNotebook, type Cell } from '../../notebook/document';
import { decodeNotebook } from '../../notebook/encoding';
import { cellMetadata, headAndEol, layoutOf, notebookMetadata } from '../../notebook/metadata';
import { writeNotebook } from '../../notebook/write';
import { LabError } from '../../protocol/errors';
import { errorText } from '../app/errors';

/** Outputs are not in the file: they neither make it dirty nor are they handed over at a save. */
export const CONTENT: vscode.NotebookDocumentContentOptions = { transientOutputs: true };

/** `*.lab.md` for VS Code. What a file's bytes say beyond its cells travels in metadata, also through a hot exit. */
export class LabNotebookSerializer implements vscode.NotebookSerializer {
  deserializeNotebook(bytes: Uint8Array): vscode.NotebookData {
    const notebook = readNotebook(textOf(bytes));
    const data = new vscode.NotebookData(notebook.cells.map(toData));
    data.metadata = notebookMetadata(notebook);
    return data;
  }

  serializeNotebook({ cells, metadata = {} }: vscode.NotebookData): Uint8Array {
    return new TextEncoder().encode(writeNotebook({ ...headAndEol(metadata), cells: cells.map(fromData) }));
  }
}

/** An error here is shown where the notebook would be; VS Code takes nothing but its message. */
function textOf(bytes: Uint8Array): string {
  try {
    return decodeNotebook(bytes);
  } catch (error) {
    if (error instanceof LabError) throw new Error(errorText(error.data), { cause: error });
    throw error;
  }
}

export function toData({ kind, text, language, layout }: Cell): vscode.NotebookCellData {
  const { Code, Markup } = vscode.NotebookCellKind;
  const data = new vscode.NotebookCellData(kind === 'code' ? Code : Markup, text, language);
  data.metadata = cellMetadata(layout);
  return data;
}

function fromData({ kind, value, languageId, metadata = {} }: vscode.NotebookCellData): Cell {
  const layout = layoutOf(metadata);
  return {
    kind: kind === vscode.NotebookCellKind.Code ? 'code' : 'markdown',
    language: languageId,
    text: value,
    ...(layout === undefined ? {} : { layout }),
  };
}

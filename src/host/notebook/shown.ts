import * as vscode from 'vscode';
import { isJson, type ShownCell, type ShownOutput } from '../../notebook/export/shown';

/** VS Code's own types of output. */
const STREAMS = {
  'application/vnd.code.notebook.stdout': 'stdout',
  'application/vnd.code.notebook.stderr': 'stderr',
} as const;
const ERROR = 'application/vnd.code.notebook.error';

/** The cells as they stand in the editor, with what they show. */
export function shownCells(notebook: vscode.NotebookDocument): ShownCell[] {
  return notebook.getCells().map((cell) => {
    const order = cell.executionSummary?.executionOrder;
    return {
      kind: cell.kind === vscode.NotebookCellKind.Code ? 'code' : 'markdown',
      language: cell.document.languageId,
      text: cell.document.getText(),
      ...(order === undefined ? {} : { order }),
      outputs: cell.outputs.flatMap(shownOutputs),
    };
  });
}

function shownOutputs({ items }: vscode.NotebookCellOutput): ShownOutput[] {
  const shown: ShownOutput[] = [];
  const forms: Record<string, unknown> = {};
  for (const { mime, data } of items) {
    const text = new TextDecoder().decode(data);
    if (mime === ERROR) shown.push(errorOf(text));
    else if (isStream(mime)) shown.push({ kind: 'stream', stream: STREAMS[mime], text });
    else forms[mime] = formOf(mime, data, text);
  }
  return Object.keys(forms).length === 0 ? shown : [...shown, { kind: 'show', items: forms }];
}

function isStream(mime: string): mime is keyof typeof STREAMS {
  return Object.hasOwn(STREAMS, mime);
}

function formOf(mime: string, data: Uint8Array, text: string): unknown {
  if (isJson(mime)) return parsed(text);
  return mime.startsWith('text/') || mime === 'image/svg+xml' ? text : Buffer.from(data).toString('base64');
}

function errorOf(text: string): ShownOutput {
  const error = parsed(text);
  const field = (name: string): string => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { kind: 'error', name: field('name'), message: field('message'), stack: field('stack') };
}

/** What an output says is JSON and is none stays text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import * as vscode from 'vscode';

const LANGUAGES = new Set(['typescript', 'javascript']);
const IMPORTS_THE_LAB = /\bfrom\s+['"]deep-learning-lab['"]|\bimport\(\s*['"]deep-learning-lab['"]\s*\)/;
const EXPORTS_DEFAULT = /\bexport\s+default\b|\bas\s+default\b/;

/** TypeScript or JavaScript on disk that imports the lab and has a default export. */
export function isModelFile(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== 'file' || !LANGUAGES.has(document.languageId)) return false;
  const text = document.getText();
  return IMPORTS_THE_LAB.test(text) && EXPORTS_DEFAULT.test(text);
}

/** The file on disk that the active editor shows, a notebook included. */
export function activeFile(): string | undefined {
  const { activeTextEditor, activeNotebookEditor } = vscode.window;
  // While a cell is edited, its own editor is the active one.
  const uri = activeNotebookEditor?.notebook.uri ?? activeTextEditor?.document.uri;
  return uri?.scheme === 'file' ? uri.fsPath : undefined;
}

/** Of a place's file: a path, or the address of a notebook's cell. */
export function uriOf(file: string): vscode.Uri {
  return file.startsWith('vscode-notebook-cell:') ? vscode.Uri.parse(file, true) : vscode.Uri.file(file);
}

/** What the user has typed and not saved; undefined: what is on disk is what the user sees. */
export function unsavedText(file: string): string | undefined {
  const document = openDocument(file);
  return document?.isDirty === true ? document.getText() : undefined;
}

/** What the editor holds, else what is on disk; undefined where there is no such file. */
export async function textOf(file: string): Promise<string | undefined> {
  const open = openDocument(file);
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
  } catch {
    return undefined;
  }
}

function openDocument(file: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
}

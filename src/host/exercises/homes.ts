/** Where the code of exercises stands in this window: in the model file of a working copy, or in a cell of its notebook. */
import * as vscode from 'vscode';
import { exerciseOf } from '../../notebook/document';
import { layoutOf } from '../../notebook/metadata';
import type { Exercise } from '../../protocol/exercise';
import type { Lesson } from '../../protocol/lesson';
import { textOf, unsavedText } from '../app/documents';
import { toData } from '../notebook/serializer';
import type { ExerciseCatalogue } from '../state/exercises';
import type { LessonLibrary } from '../state/library';

/** The code of an exercise, opened. */
export interface OpenAnswer {
  /** The model file, or the cell. */
  readonly document: vscode.TextDocument;
  /** What is graded: the file, and the module where that is not what the file holds. */
  readonly modelFile: string;
  readonly source?: string;
}

/** The exercise that the fence of a cell names. */
export const exerciseIdOf = ({ metadata }: Pick<vscode.NotebookCell, 'metadata'>): string | undefined =>
  exerciseOf(layoutOf(metadata)?.open ?? '');

export class AnswerHomes {
  constructor(
    private readonly library: LessonLibrary,
    private readonly catalogue: ExerciseCatalogue,
  ) {}

  /** The exercises whose code this document holds, as far as is known without waiting. */
  in(document: vscode.TextDocument): readonly Exercise[] {
    const { scheme, fsPath } = document.uri;
    const exercises = this.catalogue.known(fsPath)?.exercises ?? [];
    if (scheme === 'file') return exercises.filter(({ home }) => home === 'model');
    const cell = openNotebook(fsPath)
      ?.getCells()
      .find((candidate) => candidate.document === document);
    const id = cell === undefined ? undefined : exerciseIdOf(cell);
    return exercises.filter((exercise) => exercise.home === 'notebook' && exercise.id === id);
  }

  /** The text in which the answer stands now, saved or not; undefined: there is no working copy, or no such cell. */
  async textOf(lesson: Lesson, exercise: Exercise): Promise<string | undefined> {
    const file = this.catalogue.fileOf(lesson, exercise);
    if (exercise.home === 'model') return await textOf(file);
    const open = openNotebook(file);
    if (open !== undefined) return cellOf(open, exercise)?.document.getText();
    const text = await textOf(file);
    if (text === undefined) return undefined;
    const { answerCellIn } = await import('../../client/exercises/answerCell');
    const { readNotebook } = await import('../../notebook/document');
    const { cells } = readNotebook(text);
    return cells[answerCellIn(cells, exercise)]?.text;
  }

  /**
   * Opens it, in a working copy that is made if need be.
   * @throws LabError WORKING_COPY; EXERCISE_CELL when the notebook has no cell of the exercise
   */
  async open(lesson: Lesson, exercise: Exercise): Promise<OpenAnswer> {
    await this.library.workingCopy(lesson);
    const modelFile = this.catalogue.fileOf(lesson, exercise);
    if (exercise.home === 'model') {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(modelFile));
      const source = unsavedText(modelFile);
      return { document, modelFile, ...(source === undefined ? {} : { source }) };
    }
    const { answerModule, noCell } = await import('../../client/exercises/answerCell');
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(modelFile));
    const cell = cellOf(notebook, exercise);
    if (cell === undefined) throw noCell(modelFile, exercise);
    const above = notebook
      .getCells(new vscode.NotebookRange(0, cell.index))
      .flatMap(({ kind, document }) => (kind === vscode.NotebookCellKind.Code ? [document.getText()] : []));
    return { document: cell.document, modelFile, source: answerModule(cell.document.getText(), above, exercise) };
  }

  /** Where the notebook has lost the cell of an exercise, one with this text is put at its end. */
  async restore(lesson: Lesson, exercise: Exercise, text: string): Promise<void> {
    if (exercise.home === 'model') return;
    await this.library.workingCopy(lesson);
    const uri = vscode.Uri.file(this.catalogue.fileOf(lesson, exercise));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    if (cellOf(notebook, exercise) !== undefined) return;
    const cell = toData({
      kind: 'code',
      language: 'typescript',
      text,
      layout: { open: '```ts exercise=' + exercise.id },
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(uri, [vscode.NotebookEdit.insertCells(notebook.cellCount, [cell])]);
    await vscode.workspace.applyEdit(edit);
  }
}

function openNotebook(file: string): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
}

function cellOf(notebook: vscode.NotebookDocument, { id }: Exercise): vscode.NotebookCell | undefined {
  return notebook.getCells().find((cell) => exerciseIdOf(cell) === id);
}

/**
 * What commands are about. VS Code hands over what it has: an item of a view, a test, a file, nothing, or whatever
 * another extension says; each kind of subject says what our own code may pass and how all of it is read. Free of
 * `vscode`.
 */

import type { ValuePath } from '../../protocol/kernel';

/** @template Passed what our own code passes. @template Read what the command is told. */
export interface Subject<Passed extends readonly unknown[], Read> {
  readonly read: (given: readonly unknown[]) => Read;
  /** Types only. */
  readonly passed?: Passed;
}

/** As VS Code's `Uri` of a file on disk. */
export interface FileUri {
  readonly scheme: string;
  readonly fsPath: string;
}

export interface ExerciseReference {
  readonly lesson: string;
  readonly exercise: string;
}

/** A value in the kernel of a notebook. */
export interface ValueReference {
  /** The notebook's URI. */
  readonly notebook: string;
  readonly path: ValuePath;
  /** As one would write it: `run.history.loss` */
  readonly label: string;
}

/** By its id, with the exercise that is meant where one is; or by a file of its working copy. */
export type LessonReference = { readonly id: string; readonly exercise?: string } | { readonly file: string };

const subject = <Passed extends readonly unknown[], Read>(
  read: (given: readonly unknown[]) => Read,
): Subject<Passed, Read> => ({ read });

export const nothing = subject<[], undefined>(() => undefined);

/** The absolute path of a file; without one, the active editor's is meant. */
export const file = subject<[file?: string | FileUri], string | undefined>(([given]) => fileOf(given));

/** By id, by one of its exercises, by a file of its working copy, or an item of the Lessons view; without one, the user is asked. */
export const lesson = subject<[lesson?: string | FileUri | ExerciseReference], LessonReference | undefined>(
  ([given]) => {
    if (typeof given === 'string') return given === '' ? undefined : { id: given };
    const [of, name] = [textAt(given, 'lesson'), textAt(given, 'exercise')];
    if (of !== undefined && name !== undefined) return { id: of, exercise: name };
    const own = fileOf(given);
    if (own !== undefined) return { file: own };
    const id = textAt(objectAt(given, 'lesson'), 'id');
    return id === undefined ? undefined : { id };
  },
);

/** The folder of a run, or an item of the Runs view; without one, the current run is meant, or the user is asked. */
export const run = subject<[folder?: string], string | undefined>(([given]) => folderOf(given));

/** Folders of runs: the item that was clicked, with the others that are selected where it is one of them. */
export const runs = subject<[folder?: string], readonly string[]>(([given, selection]) => {
  const items: readonly unknown[] = Array.isArray(selection) && selection.includes(given) ? selection : [given];
  return items.map(folderOf).filter((folder) => folder !== undefined);
});

/** By the ids of lesson and exercise, or an item of the Test Explorer; without one, the cursor says which. */
export const exercise = subject<[exercise?: ExerciseReference], ExerciseReference | undefined>(([given]) => {
  const [of, name] = [textAt(given, 'lesson'), textAt(given, 'exercise')];
  if (of !== undefined && name !== undefined) return { lesson: of, exercise: name };
  // "lesson/exercise" or "lesson/exercise/check"
  const [testLesson, testExercise] = textAt(given, 'id')?.split('/') ?? [];
  return testLesson === undefined || testExercise === undefined
    ? undefined
    : { lesson: testLesson, exercise: testExercise };
});

/** What an item of the Variables view is of. */
export const value = subject<[value: ValueReference], ValueReference | undefined>(([given]) => {
  const [notebook, label, path] = [textAt(given, 'notebook'), textAt(given, 'label'), objectAt(given, 'path')];
  return notebook !== undefined && label !== undefined && isPath(path) ? { notebook, path, label } : undefined;
});

function isPath(path: unknown): path is ValuePath {
  if (!Array.isArray(path)) return false;
  const [variable, ...parts] = path as readonly unknown[];
  return typeof variable === 'string' && parts.every((place) => typeof place === 'number');
}

function fileOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given === '' ? undefined : given;
  // A notebook's toolbar says which notebook.
  const uri = objectAt(objectAt(given, 'notebookEditor'), 'notebookUri') ?? given;
  return textAt(uri, 'scheme') === 'file' ? textAt(uri, 'fsPath') : undefined;
}

function folderOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given === '' ? undefined : given;
  return textAt(given, 'folder');
}

function objectAt(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = objectAt(value, name);
  return typeof found === 'string' ? found : undefined;
}

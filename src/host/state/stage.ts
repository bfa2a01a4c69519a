import type * as vscode from 'vscode';
import type { ExerciseCard } from '../../protocol/panel';
import type { Lesson } from '../../protocol/lesson';

/** Where runs, lessons and exercises are shown: one a window. Features ask for it without knowing what it is. */
export interface Stage {
  /** Folder of the run in the foreground. */
  readonly shown: string | undefined;
  /** Folders of all runs that it shows, or will when VS Code opens it again. */
  readonly inPanel: readonly string[];
  readonly onDidChangeShown: vscode.Event<void>;
  /** Id of the lesson that it is about. */
  readonly lessonShown: string | undefined;
  /** The run is in the foreground and can be seen. */
  shows(folder: string): boolean;
  /** Opens it beside the editor; the cursor stays where it is. */
  open(): void;
  /** A run of this title is about to start. */
  announce(title: string, lesson: string | undefined): Promise<void>;
  /** It did not start. */
  withdraw(error: unknown): void;
  /** Brings a run into the foreground, with others laid over it. */
  show(folder: string, overlays?: readonly string[]): Promise<void>;
  /** Shows what can be seen of a lesson without a run: what it is about, and its exercises. */
  showLesson(lesson: Lesson): Promise<void>;
  /** Lays one more run over the one in the foreground. */
  overlay(folder: string): Promise<void>;
  /** Shows the exercises of the lesson in the foreground. Call again with each change. */
  showExercises(cards: (lesson: string) => Promise<readonly ExerciseCard[]>): Promise<void>;
  /** Brings the card of an exercise of the lesson in the foreground into view. */
  revealExercise(exercise: string): void;
  /** These runs are gone. */
  forget(folders: readonly string[]): Promise<void>;
}

import * as vscode from 'vscode';
import type { Lesson } from '../../protocol/lesson';
import type { LessonLibrary } from '../state/library';
import { lessonIcon, lessonText } from './stateText';
import type { LessonStates } from './states';

/** Asks for a lesson: title, minutes and state; the one whose working copy is being edited first. */
export async function pickLesson(
  library: LessonLibrary,
  states: LessonStates,
  placeHolder: string,
  isMeant: (lesson: Lesson) => boolean = () => true,
): Promise<Lesson | undefined> {
  const items = async (): Promise<(vscode.QuickPickItem & { readonly lesson: Lesson })[]> => {
    const { lessons } = await library.catalogue();
    const current = await lessonInSight(library);
    const sorted = lessons.filter(isMeant).sort((a, b) => Number(b.id === current?.id) - Number(a.id === current?.id));
    return await Promise.all(
      sorted.map(async (lesson) => {
        const state = await states.of(lesson);
        const text = lessonText(lesson, state);
        return {
          lesson,
          label: lesson.title,
          description: lesson.id === current?.id ? `${text} · ${vscode.l10n.t('open in the editor')}` : text,
          detail: lesson.summary,
          iconPath: lessonIcon(state),
        };
      }),
    );
  };
  const chosen = await vscode.window.showQuickPick(items(), {
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.lesson;
}

/** Of the active editor; while the panel has the focus no editor is active, so also of one beside it. */
export async function lessonInSight(library: LessonLibrary): Promise<Lesson | undefined> {
  const { activeTextEditor, activeNotebookEditor, visibleTextEditors, visibleNotebookEditors } = vscode.window;
  const active = activeNotebookEditor?.notebook ?? activeTextEditor?.document;
  const visible = [
    ...visibleTextEditors.map(({ document }) => document),
    ...visibleNotebookEditors.map(({ notebook }) => notebook),
  ];
  for (const { uri } of active === undefined ? visible : [active]) {
    const lesson = uri.scheme === 'file' ? await library.ofFile(uri.fsPath) : undefined;
    if (lesson !== undefined) return lesson;
  }
  return undefined;
}

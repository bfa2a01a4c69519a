import * as vscode from 'vscode';
import type { Lesson } from '../../protocol/lesson';
import type { LessonLibrary } from './library';
import { lessonIcon, lessonText } from './stateText';

/** Asks for a lesson: title, minutes and state; the one whose working copy is being edited first. */
export async function pickLesson(library: LessonLibrary, placeHolder: string): Promise<Lesson | undefined> {
  const items = async (): Promise<(vscode.QuickPickItem & { readonly lesson: Lesson })[]> => {
    const { lessons } = await library.catalogue();
    const active = vscode.window.activeTextEditor?.document.uri;
    const current = active?.scheme === 'file' ? await library.ofFile(active.fsPath) : undefined;
    const sorted = [...lessons].sort((a, b) => Number(b.id === current?.id) - Number(a.id === current?.id));
    return await Promise.all(
      sorted.map(async (lesson) => {
        const state = await library.state(lesson);
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

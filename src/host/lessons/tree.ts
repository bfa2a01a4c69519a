import path from 'node:path';
import * as vscode from 'vscode';
import type { LabErrorData } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import { commandOf } from '../app/commands';
import { LESSONS_VIEW, type ItemWord } from '../app/manifest';
import type { LessonLibrary } from '../state/library';
import type { LessonState, LessonStates } from './states';
import { briefLessonText, lessonIcon, lessonText } from './stateText';

const REFRESH_MS = 300;

class LessonItem extends vscode.TreeItem {
  constructor(
    readonly lesson: Lesson,
    state: LessonState,
  ) {
    super(lesson.title);
    this.id = lesson.id;
    this.description = briefLessonText(lesson, state);
    const text = lessonText(lesson, state);
    this.tooltip = new vscode.MarkdownString()
      .appendMarkdown('**')
      .appendText(lesson.title)
      .appendMarkdown('** — ')
      .appendText(`${text}\n\n${lesson.summary}`);
    this.accessibilityInformation = { label: `${lesson.title}, ${text}` };
    this.iconPath = lessonIcon(state);
    const words: ItemWord[] = state.kind === 'started' ? ['lesson', 'started'] : ['lesson'];
    this.contextValue = words.join(' ');
    this.command = commandOf(vscode.l10n.t('Open Lesson'), 'deepLearningLab.openLesson', lesson.id);
  }
}

/** A folder under samples/ that is not a lesson as it should be. */
class ProblemItem extends vscode.TreeItem {
  constructor(problem: LabErrorData) {
    const { location } = problem;
    super(location === undefined ? problem.message : path.basename(path.dirname(location.file)));
    this.description = vscode.l10n.t('cannot be read');
    this.tooltip = [problem.message, problem.remedy].filter((part) => part !== undefined).join('\n');
    this.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    if (location !== undefined) {
      const position = new vscode.Position(location.line - 1, location.column - 1);
      this.command = {
        command: 'vscode.open',
        title: vscode.l10n.t('Open'),
        arguments: [vscode.Uri.file(location.file), { selection: new vscode.Range(position, position) }],
      };
    }
  }
}

export function registerLessonsView(app: App, library: LessonLibrary, states: LessonStates): void {
  const changed = app.lifetime.add(new vscode.EventEmitter<undefined>());
  let timer: NodeJS.Timeout | undefined;
  app.lifetime.add(
    states.onDidChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        changed.fire(undefined);
      }, REFRESH_MS);
    }),
  );
  app.lifetime.add({
    dispose: () => {
      clearTimeout(timer);
    },
  });
  const provider: vscode.TreeDataProvider<vscode.TreeItem> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (item) => item,
    getChildren: async (parent) => {
      if (parent !== undefined) return [];
      const { lessons, problems } = await library.catalogue();
      const items = lessons.map(async (lesson) => new LessonItem(lesson, await states.of(lesson)));
      const shown = await Promise.all(items);
      app.contexts.set('deepLearningLab.lessonsRead', true);
      return [...shown, ...problems.map((problem) => new ProblemItem(problem))];
    },
  };
  const view = app.lifetime.add(vscode.window.createTreeView(LESSONS_VIEW, { treeDataProvider: provider }));
  const tellTrust = (): void => {
    view.message = vscode.workspace.isTrusted
      ? ''
      : vscode.l10n.t('Restricted Mode: lessons and runs can be read. Trust the workspace to train.');
  };
  tellTrust();
  app.lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(tellTrust));
}

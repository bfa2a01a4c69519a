import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Exercise } from '../../protocol/exercise';
import type { App } from '../app/app';
import type { ExerciseCatalogue } from '../state/exercises';

const FOCUS_TRIES = 20;
const FOCUS_MS = 50;

const SCHEME = 'deep-learning-lab-task';

/**
 * The tasks of exercises as documents of their own, for VS Code's preview with its formulas. The files they come from
 * hold the hints as well, and the answers to typical mistakes.
 */
export function provideTasks(app: App, catalogue: ExerciseCatalogue): void {
  app.lifetime.add(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: async ({ path }) => {
        const [, lesson = '', id = ''] = path.split('/');
        return taskText((await catalogue.find(lesson, id)).exercise);
      },
    }),
  );
}

/** Beside the code, where the panel is, so that both can be seen; never over the code. */
export async function openTask(exercise: Exercise): Promise<void> {
  const { lesson, id, title } = exercise;
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${lesson}/${id}/${title.replaceAll('/', '-')}.md` });
  // "To the side" is beside the group that has the focus: from the panel, that would be a third one.
  await focusFirstGroup();
  await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
}

/** A click in the panel takes the focus a moment after it has asked for the task. */
async function focusFirstGroup(): Promise<void> {
  for (let tries = 0; tries < FOCUS_TRIES; tries++) {
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await delay(FOCUS_MS);
    if (vscode.window.tabGroups.activeTabGroup.viewColumn === vscode.ViewColumn.One) return;
  }
}

/** Markdown: the task, what will be checked, what to read. */
function taskText({ title, name, minutes, task, checks, read }: Exercise): string {
  return [
    `# ${title}`,
    `\`${name}\` · ${vscode.l10n.t('{0} min', minutes)}`,
    task.trim(),
    `## ${vscode.l10n.t('What is checked')}`,
    checks.map((check) => `- ${check.title}`).join('\n'),
    `## ${vscode.l10n.t('To read')}`,
    read.map((term) => `- ${term}`).join('\n'),
    '',
  ].join('\n\n');
}

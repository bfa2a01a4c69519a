import * as vscode from 'vscode';
import { assertNever } from '../../protocol/errors';
import type { ExerciseAction, HostToPanel, PanelCommand, PanelToHost } from '../../protocol/panel';
import type { Lesson } from '../../protocol/lesson';
import type { RunRecord } from '../../protocol/run';
import type { App } from '../app/app';
import { execute } from '../app/commands';
import { openLocation } from '../app/errors';
import type { CommandId } from '../app/manifest';
import { askForPicture } from '../state/askForPicture';
import type { TrainerPool } from '../state/pool';
import { isActive } from '../state/session';
import { saveCsv, savePng } from '../app/exports';

/** What a message is about. */
export interface Subject {
  readonly folder: string | undefined;
  readonly record: RunRecord | undefined;
  /** Where there is no run yet. */
  readonly lesson: Lesson | undefined;
}

const EXERCISE_COMMANDS = {
  task: 'deepLearningLab.openTask',
  open: 'deepLearningLab.openExercise',
  check: 'deepLearningLab.checkExercise',
  hint: 'deepLearningLab.showHint',
  solution: 'deepLearningLab.showSolution',
  reset: 'deepLearningLab.resetExercise',
} as const satisfies Record<ExerciseAction, CommandId>;

/** What only the panel itself can do. */
export interface PanelActions {
  ready(): void;
  setOverlays(keys: readonly string[]): Promise<void>;
  post(message: HostToPanel): void;
}

export async function handleMessage(
  app: App,
  pool: TrainerPool,
  message: PanelToHost,
  subject: Subject,
  actions: PanelActions,
): Promise<void> {
  switch (message.type) {
    case 'ready':
      actions.ready();
      return;
    case 'command':
      await runCommand(message.command, subject);
      return;
    case 'setLearningRate': {
      const { key, learningRate } = message;
      // Another run may have come into the foreground since it was chosen.
      const session = pool.ofRun(key);
      if (!isActive(session)) return;
      await session.trainer.request('run/setLearningRate', { runId: session.run.record.id, learningRate });
      return;
    }
    case 'setPicture': {
      const { key, settings } = message;
      const error = await askForPicture(pool, key, settings);
      if (error !== undefined) actions.post({ type: 'refused', key, picture: settings.kind, error });
      return;
    }
    case 'setOverlays':
      await actions.setOverlays(message.keys);
      return;
    case 'exercise': {
      const { action, lesson, exercise } = message;
      await execute(EXERCISE_COMMANDS[action], { lesson, exercise });
      return;
    }
    case 'openLocation':
      await openLocation(message.file, message.line, message.column);
      return;
    case 'export':
      if (message.format === 'png') await savePng(message.name, message.base64);
      else await saveCsv(message.key);
      return;
    case 'fault':
      app.log.error(`Panel: ${message.message}`);
      return;
    default:
      assertNever(message);
  }
}

async function runCommand(command: PanelCommand, { folder, record, lesson }: Subject): Promise<void> {
  switch (command) {
    case 'runLesson':
      if (record === undefined) await execute('deepLearningLab.runLesson', lesson?.id);
      else await execute('deepLearningLab.runModelFile', record.modelFile);
      return;
    case 'chat':
      await execute('deepLearningLab.chat', record === undefined ? lesson?.id : vscode.Uri.file(record.modelFile));
      return;
    case 'pause':
      await execute('deepLearningLab.pause', folder);
      return;
    case 'resume':
      await execute('deepLearningLab.resume', folder);
      return;
    case 'step':
      await execute('deepLearningLab.step', folder);
      return;
    case 'stop':
      await execute('deepLearningLab.stop', folder);
      return;
    case 'resumeFromCheckpoint':
      await execute('deepLearningLab.resumeFromCheckpoint', folder);
      return;
    case 'showLog':
      await execute('deepLearningLab.showLog');
      return;
    case 'openModel':
      if (record !== undefined) await openModel(record.modelFile);
      else if (lesson !== undefined) await execute('deepLearningLab.openLessonModel', lesson.id);
      return;
    case 'openLesson':
      await execute('deepLearningLab.openLesson', lesson?.id);
      return;
    default:
      assertNever(command);
  }
}

async function openModel(file: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.One });
}

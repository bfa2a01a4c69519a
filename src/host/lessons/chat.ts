import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { hasChat } from '../../client/source/chat';
import { LabError } from '../../protocol/errors';
import { ACTIVE_STATES } from '../../protocol/run';
import { execute, type CommandHandlers } from '../app/commands';
import type { App } from '../app/app';
import { isModelFile, textOf } from '../app/documents';
import type { LessonLibrary } from '../state/library';
import { projectOf } from '../state/options';
import type { TrainerPool } from '../state/pool';
import type { Stage } from '../state/stage';
import type { Launcher } from '../training/launcher';
import { isLanguageModelThere } from './languageModel';
import { pickLesson } from './pick';
import { showModel } from './showModel';
import type { LessonStates } from './states';

interface Services {
  readonly app: App;
  readonly pool: TrainerPool;
  readonly library: LessonLibrary;
  readonly states: LessonStates;
  readonly stage: Stage;
  readonly launcher: Launcher;
}

/** Talk to the language model of a model file with no training before: its run waits before the first step. */
export function chatCommands({
  app,
  pool,
  library,
  states,
  stage,
  launcher,
}: Services): Pick<CommandHandlers, 'deepLearningLab.chat'> {
  return {
    'deepLearningLab.chat': async (given) => {
      if (!app.trust.allows()) return;
      const file = given === undefined ? activeModelFile() : 'file' in given ? given.file : undefined;
      const question = vscode.l10n.t('Choose a lesson whose model you want to talk to');
      const lesson =
        file !== undefined
          ? await library.ofFile(file)
          : given !== undefined && 'id' in given
            ? await library.byId(given.id)
            : await pickLesson(library, states, question, (one) => one.hasChat);
      if (file === undefined && lesson === undefined) return;
      const modelFile = file ?? (lesson === undefined ? '' : (await library.workingCopy(lesson)).modelFile);
      const text = (await textOf(modelFile)) ?? '';
      if (!hasChat(text)) throw noChat(modelFile);
      const running = pool.get(projectOf(app, modelFile))?.run;
      if (running?.record.modelFile === modelFile && answers(running.record, text)) {
        await stage.show(running.folder);
        return;
      }
      if (lesson?.needsLanguageModel === true && !(await isLanguageModelThere(app))) {
        await execute('deepLearningLab.getLanguageModel');
        return;
      }
      const opened = showModel(modelFile);
      const title = lesson?.title ?? path.basename(modelFile);
      const own = lesson === undefined ? {} : { lesson: lesson.id };
      await Promise.all([opened, launcher.run({ modelFile, title, ...own, waits: true, opened })]);
    },
  };
}

/** Its model is in memory, of the very text: then it is that one which is talked to. */
function answers(
  { state, sourceHash }: { readonly state: string; readonly sourceHash: string },
  text: string,
): boolean {
  const isThere = ACTIVE_STATES.has(state as never) || state === 'finished' || state === 'stopped';
  return isThere && (sourceHash === '' || sourceHash === createHash('sha256').update(text).digest('hex'));
}

function activeModelFile(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document !== undefined && isModelFile(document) && hasChat(document.getText())
    ? document.uri.fsPath
    : undefined;
}

function noChat(file: string): LabError {
  return new LabError({
    code: 'CHAT_NONE',
    message: vscode.l10n.t('{0} has no model to talk to.', path.basename(file)),
    expected: vscode.l10n.t('an experiment with the field "chat"'),
    remedy: vscode.l10n.t("Add to the experiment: chat: { model: () => models.gguf('file.gguf') }."),
    location: { file, line: 1, column: 1 },
  });
}

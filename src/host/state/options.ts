import os from 'node:os';
import path from 'node:path';
import { isNotebookFile } from '../../client/notebook/files';
import { lessonIdOf } from '../../client/lessons/labFolder';
import type { TrainerOptions } from '../../client/processes/options';
import type { AbandonPolicy } from '../../protocol/launch';
import type { App } from '../app/app';
import { setting } from '../app/settings';
import { prepareCommand } from '../app/texts';

/** A reload of the window takes a few seconds; a run is left alone for this long before it counts as abandoned. */
const ABANDON_AFTER_SECONDS = 30;

/** One trainer a working copy, one for each other folder with model files; a kernel for each notebook. */
export function projectOf(app: App, modelFile: string): string {
  if (isNotebookFile(modelFile)) return modelFile;
  const lab = app.lab();
  const lesson = lessonIdOf(lab, modelFile);
  return lesson === undefined ? path.dirname(modelFile) : path.join(lab.root, lesson);
}

export function trainerOptions(app: App, project: string): TrainerOptions {
  const limit = setting('deepLearningLab.trainer.memoryLimit');
  const threads = setting('deepLearningLab.trainer.threads');
  return {
    project,
    role: isNotebookFile(project) ? 'kernel' : 'training',
    paths: app.paths,
    locale: app.locale,
    engine: setting('deepLearningLab.engine'),
    ...(threads > 0 ? { threads } : {}),
    prepareEngine: prepareCommand(),
    memoryLimitMB: limit > 0 ? limit : Math.floor((os.totalmem() / 2 ** 20) * 0.8),
  };
}

/** For each request anew: whoever is told to name a folder shall not have to end a process before it counts. */
export function ownData(): { readonly dataDirectory?: string } {
  const directory = setting('deepLearningLab.data.directory');
  return directory === '' ? {} : { dataDirectory: directory.replace(/^~(?=$|[\\/])/, os.homedir()) };
}

export function abandonPolicy(): AbandonPolicy {
  return { action: setting('deepLearningLab.training.onClose'), graceSeconds: ABANDON_AFTER_SECONDS };
}

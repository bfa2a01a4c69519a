import fs from 'node:fs/promises';
import path from 'node:path';
import type { App } from '../app/app';
import { execute } from '../app/commands';
import { RUN_ON_START } from '../app/manifest';

/**
 * `npm start -- --lesson ID` names a lesson in the environment. It is run once: a reloaded window inherits the same
 * environment from the same parent process, which is therefore written down.
 */
export async function runLessonOfEnvironment(app: App): Promise<void> {
  const lesson = process.env[RUN_ON_START];
  if (lesson === undefined || lesson === '') return;
  const done = `${process.ppid} ${lesson}`;
  const file = path.join(app.storage.fsPath, 'run-on-start');
  if ((await fs.readFile(file, 'utf8').catch(() => '')) === done) return;
  await fs.mkdir(app.storage.fsPath, { recursive: true });
  await fs.writeFile(file, done);
  await execute('deepLearningLab.runLesson', lesson);
}

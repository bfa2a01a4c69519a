import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { isMadeHere, seal } from '../../files/seal';
import { exportTensorBoard } from '../../runFolder/export/tensorboard';
import { checkpointEpoch } from '../../runFolder/layout';
import { isPinned, pin, unpin } from '../../runFolder/pin';
import { deleteRun, readRun, type StoredRun } from '../../runFolder/runs';
import { noCheckpoint } from '../../runFolder/errors';
import { LabError } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import { MOST_OVERLAYS } from '../../protocol/panel';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import { dayAndTime } from '../../words/times';
import type { App } from '../app/app';
import { activeFile } from '../app/documents';
import type { CommandHandlers } from '../app/commands';
import type { Launcher } from '../training/launcher';
import type { Stage } from '../state/stage';
import type { TrainerPool } from '../state/pool';
import { isActive } from '../state/session';
import type { LessonLibrary } from '../state/library';
import type { RunHistory } from '../state/history';
import { describe } from './item';
import { pickRun, pickRuns } from './pick';
import { saveCsv } from '../app/exports';

interface Services {
  readonly app: App;
  readonly history: RunHistory;
  readonly pool: TrainerPool;
  readonly stage: Stage;
  readonly launcher: Launcher;
  readonly library: LessonLibrary;
}

/** Open, compare, pin, delete, export, resume. */
export function runCommands({
  app,
  history,
  pool,
  stage,
  launcher,
  library,
}: Services): Pick<
  CommandHandlers,
  | 'deepLearningLab.openPanel'
  | 'deepLearningLab.openRun'
  | 'deepLearningLab.compareRuns'
  | 'deepLearningLab.trustRuns'
  | 'deepLearningLab.pinRuns'
  | 'deepLearningLab.unpinRuns'
  | 'deepLearningLab.deleteRuns'
  | 'deepLearningLab.exportCsv'
  | 'deepLearningLab.exportTensorBoard'
  | 'deepLearningLab.resumeFromCheckpoint'
  | 'deepLearningLab.revealRun'
  | 'deepLearningLab.refreshRuns'
> {
  /** The run of the argument; without one the user is asked. */
  const runOf = async (folder: string | undefined, question: string): Promise<StoredRun | undefined> => {
    return folder === undefined ? await pickRun(history, question) : { folder, record: await readRun(folder) };
  };

  /** Whoever calls may name any folder: none but those among the runs is changed or removed. */
  const isOurs = (folder: string): boolean => path.dirname(folder) === app.lab().runs;

  return {
    'deepLearningLab.openPanel': async (file) => {
      const current = pool.current();
      // From the code of a lesson, that lesson is meant; from anywhere else, what trains.
      if (isActive(current) && file === undefined) {
        await stage.show(current.run.folder);
        return;
      }
      const about = file ?? activeFile();
      const lesson = about === undefined ? undefined : await library.ofFile(about);
      if (lesson === undefined) await showNewest(current?.run?.folder);
      else if (stage.lessonShown === lesson.id) stage.open();
      else await showLesson(lesson);
    },
    'deepLearningLab.openRun': async (folder) => {
      const run = await runOf(folder, vscode.l10n.t('Choose a run to open'));
      if (run !== undefined) await stage.show(run.folder);
    },
    'deepLearningLab.compareRuns': async (folders) => {
      const [first, ...others] =
        folders.length > 0
          ? folders
          : await pickRuns(history, vscode.l10n.t('Choose up to {0} runs to compare', MOST_OVERLAYS + 1));
      if (first === undefined) return;
      if (others.length > 0) await stage.show(first, others);
      // One alone is laid over what the panel shows.
      else if (stage.shown === undefined || stage.shown === first) await stage.show(first, []);
      else await stage.overlay(first);
    },
    'deepLearningLab.trustRuns': async (folders) => {
      const foreign = folders.filter((folder) => !isMadeHere(folder));
      if (foreign.length === 0 || !app.trust.allows() || !(await confirmTrust(foreign))) return;
      for (const folder of foreign) seal(folder);
      history.refresh();
    },
    'deepLearningLab.pinRuns': async (given) => {
      if (!app.trust.allows()) return;
      const question = vscode.l10n.t('Choose runs to pin: they are kept whatever the bounds on runs say');
      const chosen = given.length > 0 ? given : await pickRuns(history, question, ({ folder }) => !isPinned(folder));
      changePins(chosen, pin);
    },
    'deepLearningLab.unpinRuns': async (given) => {
      if (!app.trust.allows()) return;
      const question = vscode.l10n.t('Choose runs to unpin');
      const chosen = given.length > 0 ? given : await pickRuns(history, question, ({ folder }) => isPinned(folder));
      changePins(chosen, unpin);
    },
    'deepLearningLab.deleteRuns': async (given) => {
      const chosen = given.length > 0 ? given : await pickRuns(history, vscode.l10n.t('Choose runs to delete'));
      const folders = chosen.filter(isOurs);
      if (folders.length === 0 || !(await confirmDelete(folders))) return;
      for (const folder of folders) await deleteRun(folder);
      await stage.forget(folders);
      history.refresh();
    },
    'deepLearningLab.exportCsv': async (folder) => {
      const run = await runOf(folder, vscode.l10n.t('Choose a run to export'));
      if (run !== undefined) await saveCsv(run.folder);
    },
    'deepLearningLab.exportTensorBoard': async (folder) => {
      const run = await runOf(folder, vscode.l10n.t('Choose a run to export'));
      if (run !== undefined) await saveTensorBoard(run);
    },
    'deepLearningLab.resumeFromCheckpoint': async (folder) => {
      const run = await runOf(folder, vscode.l10n.t('Choose a run to resume'));
      if (run === undefined || !app.trust.allows()) return;
      const checkpoint = await chooseCheckpoint(run.record);
      if (checkpoint === undefined) return;
      await resume(run, checkpoint);
    },
    'deepLearningLab.revealRun': async (folder) => {
      const run = await runOf(folder, vscode.l10n.t('Choose a run to show its folder'));
      if (run === undefined) return;
      await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path.join(run.folder, 'run.json')));
    },
    'deepLearningLab.refreshRuns': () => {
      history.refresh();
    },
  };

  function changePins(chosen: readonly string[], change: (folder: string) => void): void {
    try {
      for (const folder of chosen.filter(isOurs)) change(folder);
    } finally {
      history.refresh();
    }
  }

  /** Of a damaged checkpoint, the one before is offered. */
  async function resume(run: StoredRun, checkpoint: string): Promise<void> {
    const more = await moreEpochs(run.record, checkpoint);
    if (more === undefined) return;
    const { modelFile, title, lesson, checkpoints, config } = run.record;
    try {
      await launcher.run({
        modelFile,
        title,
        ...(lesson === undefined ? {} : { lesson }),
        resumeFrom: { runFolder: run.folder, checkpoint, ...more },
      });
    } catch (error) {
      const earlier = checkpoints[checkpoints.indexOf(checkpoint) - 1];
      if (!(error instanceof LabError) || error.code !== 'CHECKPOINT_DAMAGED' || earlier === undefined) throw error;
      const title = vscode.l10n.t('Resume from {0}', checkpointText(earlier, config));
      app.errors.show(error, [{ title, run: () => resume(run, earlier) }]);
    }
  }

  async function showNewest(last: string | undefined): Promise<void> {
    const folder = last ?? stage.shown ?? (await history.list())[0]?.folder;
    if (folder === undefined) stage.open();
    else await stage.show(folder);
  }

  /** Its newest run, else the lesson as it is before any. */
  async function showLesson(lesson: Lesson): Promise<void> {
    const run = (await history.list()).find(({ record }) => record.lesson === lesson.id);
    if (run === undefined) await stage.showLesson(lesson);
    else await stage.show(run.folder);
  }

  async function saveTensorBoard({ folder }: StoredRun): Promise<void> {
    const [target] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(os.homedir()),
        openLabel: vscode.l10n.t('Export Here'),
        title: vscode.l10n.t('Folder for TensorBoard’s event files'),
      })) ?? [];
    if (target === undefined) return;
    const title = vscode.l10n.t('Exporting to TensorBoard');
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, async () => {
      await exportTensorBoard(folder, path.join(target.fsPath, path.basename(folder)));
    });
    const copy = vscode.l10n.t('Copy Command');
    const command = `tensorboard --logdir "${target.fsPath}"`;
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t('Written. To look at it: {0}', command),
      copy,
    );
    if (chosen === copy) await vscode.env.clipboard.writeText(command);
  }
}

/** The newest is first, and taken without asking when it is the only one. @throws LabError CHECKPOINT_NONE */
async function chooseCheckpoint({ title, checkpoints, config }: RunRecord): Promise<string | undefined> {
  const [newest, ...older] = [...checkpoints].reverse();
  if (newest === undefined) throw noCheckpoint(title);
  if (older.length === 0) return newest;
  const items = [newest, ...older].map((name) => {
    return { label: checkpointText(name, config), name };
  });
  const placeHolder = vscode.l10n.t('Continue from which checkpoint?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.name;
}

function checkpointText(name: string, config: RunRecord['config']): string {
  const epoch = checkpointEpoch(name);
  return epoch === undefined ? name : vscode.l10n.t('epoch {0}/{1}', epoch, config?.epochs ?? epoch);
}

/** Where the plan is fulfilled, the user says how many more; undefined: they called it off. */
async function moreEpochs({ config }: RunRecord, checkpoint: string): Promise<{ moreEpochs?: number } | undefined> {
  const done = checkpointEpoch(checkpoint) ?? 0;
  if (config === undefined || done < config.epochs) return {};
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('This run is complete. How many more epochs?'),
    value: String(config.epochs),
    validateInput: (text) =>
      /^[1-9]\d{0,5}$/.test(text.trim()) ? undefined : vscode.l10n.t('Give a whole number of at least 1.'),
  });
  return answer === undefined ? undefined : { moreEpochs: Number(answer) };
}

/** Lines of a dialog. */
const MOST_NAMED = 8;

function named(record: RunRecord, of: number, pinned: boolean): string {
  const { title, createdAt } = record;
  const when = dayAndTime(createdAt);
  return [...(of === 1 ? [] : [title]), when, describe(record), ...(pinned ? [vscode.l10n.t('pinned')] : [])].join(
    ' · ',
  );
}

async function confirmTrust(folders: readonly string[]): Promise<boolean> {
  const trust = vscode.l10n.t('Trust');
  const [first = '', ...others] = folders.map((folder) => path.basename(folder));
  const message =
    others.length === 0
      ? vscode.l10n.t('Trust the run “{0}”, which was not made here?', first)
      : vscode.l10n.t('Trust {0} runs that were not made here?', folders.length);
  const detail = vscode.l10n.t(
    'From then on its checkpoints can be resumed and other models can begin with its weights. A run that you moved or copied yourself is safe to trust.',
  );
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, trust)) === trust;
}

async function confirmDelete(folders: readonly string[]): Promise<boolean> {
  const records = await Promise.all(folders.map(async (folder) => await readRun(folder).catch(() => undefined)));
  const training = records.find((record) => record !== undefined && ACTIVE_STATES.has(record.state));
  if (training !== undefined) {
    throw new LabError({
      code: 'RUN_ACTIVE',
      message: vscode.l10n.t('“{0}” is still training.', training.title),
      remedy: vscode.l10n.t('Stop it before you delete it.'),
    });
  }
  const pinned = folders.filter(isPinned).length;
  const remove = pinned === 0 ? vscode.l10n.t('Delete') : vscode.l10n.t('Delete Although Pinned');
  const message = deleteQuestion(folders.length, pinned, records[0]?.title ?? path.basename(folders[0] ?? ''));
  // Runs of one lesson have one title: what tells them apart is what the view says of them.
  const names = records.flatMap((record, index) =>
    record === undefined ? [] : [named(record, folders.length, isPinned(folders[index] ?? ''))],
  );
  const consequence = vscode.l10n.t('Curves and checkpoints are removed from disk. This cannot be undone.');
  const detail = [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ['…'] : []), consequence].join('\n');
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, remove)) === remove;
}

function deleteQuestion(runs: number, pinned: number, title: string): string {
  if (runs === 1)
    return pinned === 0
      ? vscode.l10n.t('Delete the run “{0}”?', title)
      : vscode.l10n.t('Delete the run “{0}”, which is pinned?', title);
  return pinned === 0
    ? vscode.l10n.t('Delete {0} runs?', runs)
    : vscode.l10n.t('Delete {0} runs? Pinned ones are among them: {1}.', runs, pinned);
}

/** Keeps the runs of the lab folder within the bounds of the settings, and says what was deleted for them. */
import * as vscode from 'vscode';
import { pruneRuns, surplus, type Bounds, type SizedRun } from '../../client/runs/bounds';
import { ShownRuns } from '../../client/runs/shown';
import { toErrorData } from '../../protocol/errors';
import { bytes } from '../../words/numbers';
import type { App } from '../app/app';
import { onSettingChange, setting } from '../app/settings';
import type { RunHistory } from '../state/history';
import type { TrainerPool } from '../state/pool';
import { isActive } from '../state/session';
import type { Stage } from '../state/stage';

/** The window has better things to do when it opens. */
const AFTER_START_MS = 20_000;
/** Of several runs that end at once, and of a setting that is being typed. */
const AFTER_CHANGE_MS = 3000;

const SETTING_IDS = ['deepLearningLab.runs.keep', 'deepLearningLab.runs.maxDisk'] as const;
/** The user has agreed that runs go, or said that they stay: nobody asks again. */
const ANSWERED = 'runs.bounded';

export function keepRunsBounded(
  app: App,
  { pool, stage, history }: { readonly pool: TrainerPool; readonly stage: Stage; readonly history: RunHistory },
): void {
  const shown = app.lifetime.add(new ShownRuns(app.paths.cache));
  const note = (): void => {
    try {
      shown.set(stage.inPanel);
    } catch (error) {
      app.errors.write(toErrorData(error)); // a cache that cannot be written: no window deletes anything then
    }
  };
  app.lifetime.add(stage.onDidChangeShown(note));
  note();

  const told = { once: false };
  let timer: NodeJS.Timeout | undefined;
  const soon = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      prune(app, stage, history, told).catch((error: unknown) => {
        app.errors.write(toErrorData(error));
      });
    }, milliseconds);
  };
  app.lifetime.add({
    dispose: () => {
      clearTimeout(timer);
    },
  });
  const active = new Set<string>();
  app.lifetime.add(
    pool.onDidChange((session) => {
      const folder = session.run?.folder;
      if (folder === undefined) return;
      if (isActive(session)) active.add(folder);
      else if (active.delete(folder)) soon(AFTER_CHANGE_MS);
    }),
  );
  app.lifetime.add(
    onSettingChange(SETTING_IDS, () => {
      soon(AFTER_CHANGE_MS);
    }),
  );
  soon(AFTER_START_MS);
}

function boundsNow(): Bounds {
  const [runs, gigabytes] = SETTING_IDS.map((id) => Math.max(0, setting(id)));
  return { runs: Math.floor(runs ?? 0), bytes: (gigabytes ?? 0) * 1e9 };
}

async function prune(app: App, stage: Stage, history: RunHistory, told: { once: boolean }): Promise<void> {
  const bounds = boundsNow();
  if (!vscode.workspace.isTrusted || (bounds.runs === 0 && bounds.bytes === 0)) return;
  const { runs } = app.lab();
  const { going } = await surplus(runs, bounds, app.paths.cache);
  if (going.length === 0 || !(await agreed(app, going, bounds))) return;
  const { deleted, kept } = await pruneRuns(runs, bounds, app.paths.cache);
  for (const { error } of kept) app.errors.write(toErrorData(error));
  if (deleted.length === 0) return;
  await stage.forget(deleted.map(({ folder }) => folder));
  history.refresh();
  say(app, deleted, bounds, told);
}

/** Whoever has chosen bounds has agreed to them; those that nobody chose delete nothing before somebody says so. */
async function agreed(app: App, going: readonly SizedRun[], bounds: Bounds): Promise<boolean> {
  const settings = vscode.workspace.getConfiguration();
  const chosen = SETTING_IDS.some((id) => {
    const { globalValue, workspaceValue, workspaceFolderValue } = settings.inspect(id) ?? {};
    return [globalValue, workspaceValue, workspaceFolderValue].some((value) => value !== undefined);
  });
  if (chosen || app.memory.get<boolean>(ANSWERED) === true) return true;
  const remove = vscode.l10n.t('Delete Them');
  const keep = vscode.l10n.t('Keep All');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'The lab keeps {0} of a workspace. Older runs that would be deleted now: {1} ({2}). Pinned runs stay.',
      inWords(bounds),
      going.length,
      sizeOf(going),
    ),
    remove,
    keep,
    openSettings().title,
  );
  if (answer === remove) await app.memory.update(ANSWERED, true);
  else if (answer === keep)
    for (const id of SETTING_IDS) await settings.update(id, 0, vscode.ConfigurationTarget.Global);
  else if (answer === openSettings().title) await openSettings().run();
  return answer === remove;
}

/** The first time in a window by a message; from then on, one run goes for each that comes, and a line is enough. */
function say(app: App, deleted: readonly SizedRun[], bounds: Bounds, told: { once: boolean }): void {
  for (const { record, folder, bytes: size } of deleted)
    app.log.info(`Deleted for the bounds on runs: ${folder} (“${record.title}”, ${record.createdAt}, ${bytes(size)}).`);
  const text = vscode.l10n.t(
    'Old runs deleted: {0} ({1}). The lab keeps {2}; a run that is pinned stays.',
    deleted.length,
    sizeOf(deleted),
    inWords(bounds),
  );
  if (told.once) {
    vscode.window.setStatusBarMessage(text, 10_000);
    return;
  }
  told.once = true;
  const { title, run } = openSettings();
  void vscode.window.showInformationMessage(text, title).then((chosen) => {
    if (chosen === title) void run();
  });
}

const sizeOf = (runs: readonly SizedRun[]): string => bytes(runs.reduce((sum, { bytes: own }) => sum + own, 0));

function inWords({ runs, bytes: most }: Bounds): string {
  if (most === 0) return vscode.l10n.t('at most {0} runs', runs);
  if (runs === 0) return vscode.l10n.t('at most {0} of runs', bytes(most));
  return vscode.l10n.t('at most {0} runs and {1}', runs, bytes(most));
}

const openSettings = (): { readonly title: string; readonly run: () => Thenable<unknown> } => ({
  title: vscode.l10n.t('Settings'),
  run: () => vscode.commands.executeCommand('workbench.action.openSettings', 'deepLearningLab.runs'),
});

/** Disk Space: what the lab takes, the largest first, and what of it can go. */
import * as vscode from 'vscode';
import { removeAll, tidyCache, type RemovableKind } from '../../client/machine/remove';
import { usage, type Usage } from '../../client/machine/usage';
import { toErrorData } from '../../protocol/errors';
import { bytes } from '../../words/numbers';
import type { App } from '../app/app';
import { execute, type CommandHandlers } from '../app/commands';
import { RUNS_VIEW } from '../app/manifest';
import { withCancellableProgress } from '../app/progress';
import { setting } from '../app/settings';

type Item = vscode.QuickPickItem & { readonly usage?: Usage };

export function diskCommands(app: App): Pick<CommandHandlers, 'deepLearningLab.diskSpace'> {
  return {
    'deepLearningLab.diskSpace': async () => {
      const all = await withCancellableProgress(vscode.l10n.t('Measuring …'), async (_, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => {
          controller.abort(new vscode.CancellationError());
        });
        return await usage({ paths: app.paths, lab: app.lab(), storage: app.storage.fsPath }, controller.signal);
      });
      const chosen = await vscode.window.showQuickPick<Item>(itemsOf(all), {
        title: vscode.l10n.t('Disk Space: {0} taken', bytes(all.reduce((sum, { bytes: own }) => sum + own, 0))),
        placeHolder: vscode.l10n.t('Choose what to make room of'),
        matchOnDetail: true,
      });
      if (chosen?.usage !== undefined) await makeRoom(app, chosen.usage);
    },
  };
}

/** Nobody waits for it: leftovers of set-ups and logs, once the window is open. */
const AFTER_START_MS = 30_000;

export function tidyAfterStart(app: App): void {
  const timer = setTimeout(() => {
    tidyCache(app.paths).then(
      (freed) => {
        if (freed > 0) app.log.info(`Old downloads and logs deleted from the cache: ${bytes(freed)}.`);
      },
      (error: unknown) => {
        app.errors.write(toErrorData(error));
      },
    );
  }, AFTER_START_MS);
  app.lifetime.add({
    dispose: () => {
      clearTimeout(timer);
    },
  });
}

function itemsOf(all: readonly Usage[]): Item[] {
  if (all.length === 0) return [{ label: vscode.l10n.t('The lab keeps nothing on this machine.') }];
  return all.map((one) => ({
    label: `$(${isRemovable(one) ? 'trash' : one.kind === 'runs' ? 'graph-line' : 'folder'}) ${one.title}`,
    description:
      one.unread === 0
        ? bytes(one.bytes)
        : vscode.l10n.t('{0}; {1} could not be looked at', bytes(one.bytes), one.unread),
    detail: detailOf(one),
    usage: one,
  }));
}

/** How what is deleted comes back. */
const comesBack = (): Readonly<Record<RemovableKind, string>> => ({
  engines: vscode.l10n.t(
    'Can be deleted. A package with TensorFlow in it unpacks it again; others train with WebAssembly until it is prepared again.',
  ),
  data: vscode.l10n.t('Can be deleted. An installed lab has its own; in a clone, “npm run setup” brings them again.'),
  models: vscode.l10n.t('Can be deleted. “Get Language Model” brings it again (93 MB).'),
  features: vscode.l10n.t('Can be deleted. They are computed again when a lesson needs them.'),
  downloads: vscode.l10n.t('Can be deleted. They are parts of a set-up that was interrupted.'),
  logs: vscode.l10n.t('Can be deleted. Those of processes that run stay.'),
});

const isRemovable = ({ kind }: Usage): boolean => Object.hasOwn(comesBack(), kind);

function detailOf({ kind }: Usage): string {
  if (kind === 'runs') {
    const [runs, gigabytes] = [setting('deepLearningLab.runs.keep'), setting('deepLearningLab.runs.maxDisk')];
    return vscode.l10n.t(
      'Delete some in the Runs view. Kept are at most {0} runs and {1} GB (0: no bound); pinned ones stay.',
      runs,
      gigabytes,
    );
  }
  return (comesBack() as Partial<Record<Usage['kind'], string>>)[kind] ?? vscode.l10n.t('Opens its folder.');
}

async function makeRoom(app: App, { kind, title, folders, bytes: size }: Usage): Promise<void> {
  if (kind === 'runs') {
    await vscode.commands.executeCommand(`${RUNS_VIEW}.focus`);
    await execute('deepLearningLab.deleteRuns');
    return;
  }
  const removable = kind === 'rest' || kind === 'editor' ? undefined : kind;
  if (removable === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folders[0] ?? app.paths.cache));
    return;
  }
  const remove = vscode.l10n.t('Delete');
  const message = vscode.l10n.t('Delete “{0}” ({1})?', title, bytes(size));
  const detail = comesBack()[removable];
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, remove)) !== remove) return;
  const freed = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Deleting …') },
    () => removeAll(removable, app.paths),
  );
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} are free again.', bytes(freed)));
}

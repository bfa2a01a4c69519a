/** New Experiment: asks what the data is, looks into it, and writes a model file that trains at once. */
import path from 'node:path';
import * as vscode from 'vscode';
import { BUILT_IN_SETS, modelText, type BuiltInSet, type NewExperiment } from '../../client/experiments/modelText';
import { isClasses, targetsOf } from '../../client/experiments/suggest';
import type { ColumnLook, TableLook } from '../../protocol/dataLook';
import { LabError } from '../../protocol/errors';
import type { App } from '../app/app';
import type { CommandHandlers } from '../app/commands';
import type { Workers } from '../state/workers';

/** The beginning of a table is read in a moment; a file on a slow disk may take longer. */
const LOOK_SECONDS = 30;
const TABLES = ['csv', 'tsv', 'txt'];

/** @param workers for the look into a file */
export function experimentCommands(app: App, workers: Workers): Pick<CommandHandlers, 'deepLearningLab.newExperiment'> {
  return {
    'deepLearningLab.newExperiment': async (given) => {
      if (!app.trust.allows()) return;
      const chosen = given === undefined ? await chooseData() : { table: given };
      if (chosen === undefined) return;
      if ('set' in chosen) {
        await write({ kind: 'builtIn', set: chosen.set }, path.join(folderFor(app, undefined), `${chosen.set}.ts`));
        return;
      }
      if ('pictures' in chosen) {
        const { pictures } = chosen;
        const folder = folderFor(app, pictures);
        const name = path.basename(pictures);
        await write({ kind: 'pictures', path: relativeTo(folder, pictures), name }, path.join(folder, `${name}.ts`));
        return;
      }
      const { table } = chosen;
      const look = await lookAt(workers, table);
      const target = await chooseTarget(path.basename(table), look);
      if (target === undefined) return;
      const folder = folderFor(app, table);
      const name = `${path.basename(table, path.extname(table))}.ts`;
      await write({ kind: 'table', path: relativeTo(folder, table), look, target }, path.join(folder, name));
    },
  };
}

/** As a model file writes it. */
const relativeTo = (folder: string, data: string): string =>
  path.relative(folder, data).replaceAll(path.sep, '/') || '.';

type Chosen = { readonly set: BuiltInSet } | { readonly table: string } | { readonly pictures: string };

interface DataItem extends vscode.QuickPickItem {
  readonly choice?: 'table' | 'pictures' | Chosen;
}

async function chooseData(): Promise<Chosen | undefined> {
  const items: DataItem[] = [
    { label: vscode.l10n.t('Tables in this workspace'), kind: vscode.QuickPickItemKind.Separator },
    ...(await tablesInWorkspace()),
    {
      label: vscode.l10n.t('Choose a table …'),
      detail: vscode.l10n.t('A file of separated values, such as CSV: a row for each example, a column to predict'),
      iconPath: new vscode.ThemeIcon('folder-opened'),
      choice: 'table',
    },
    {
      label: vscode.l10n.t('Choose a folder of pictures …'),
      detail: vscode.l10n.t('The pictures of each class in a folder of its name'),
      iconPath: new vscode.ThemeIcon('file-media'),
      choice: 'pictures',
    },
    { label: vscode.l10n.t('Data sets of the lab'), kind: vscode.QuickPickItemKind.Separator },
    ...BUILT_IN_SETS.map((set) => ({
      label: set,
      detail: aboutSet(set),
      iconPath: new vscode.ThemeIcon('database'),
      choice: { set },
    })),
  ];
  const placeHolder = vscode.l10n.t('What is the data?');
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true });
  if (picked?.choice === 'table') return await browseTable();
  return picked?.choice === 'pictures' ? await browsePictures() : picked?.choice;
}

async function browseTable(): Promise<Chosen | undefined> {
  const openLabel = vscode.l10n.t('Use This Table');
  const filters = { [vscode.l10n.t('Tables')]: TABLES, [vscode.l10n.t('All files')]: ['*'] };
  const [file] = (await vscode.window.showOpenDialog({ openLabel, filters })) ?? [];
  return file === undefined ? undefined : { table: file.fsPath };
}

async function browsePictures(): Promise<Chosen | undefined> {
  const openLabel = vscode.l10n.t('Use This Folder');
  const [folder] =
    (await vscode.window.showOpenDialog({ openLabel, canSelectFiles: false, canSelectFolders: true })) ?? [];
  return folder === undefined ? undefined : { pictures: folder.fsPath };
}

const MOST_SHOWN = 50;

async function tablesInWorkspace(): Promise<DataItem[]> {
  const found = await vscode.workspace.findFiles('**/*.{csv,tsv}', '**/{node_modules,.lab,.git}/**', MOST_SHOWN);
  return found
    .map(({ fsPath }) => fsPath)
    .sort()
    .map((table) => ({
      label: path.basename(table),
      description: vscode.workspace.asRelativePath(path.dirname(table)),
      iconPath: new vscode.ThemeIcon('table'),
      choice: { table },
    }));
}

function aboutSet(set: BuiltInSet): string {
  const texts: Readonly<Record<BuiltInSet, string>> = {
    spirals: vscode.l10n.t('Points in the plane: two spirals'),
    moons: vscode.l10n.t('Points in the plane: two half moons'),
    mnist: vscode.l10n.t('Handwritten digits, 28 × 28 pixels'),
    fashionMnist: vscode.l10n.t('Pictures of clothes, 28 × 28 pixels'),
    cifar10: vscode.l10n.t('Colour photographs of ten kinds, 32 × 32 pixels'),
  };
  return texts[set];
}

async function lookAt(workers: Workers, file: string): Promise<TableLook> {
  const title = vscode.l10n.t('Looking into {0} …', path.basename(file));
  const location = vscode.ProgressLocation.Notification;
  return await vscode.window.withProgress({ location, title }, async () => {
    const worker = await workers.of(file, 'inspection');
    const outcome = await worker.run({ seconds: LOOK_SECONDS }, (trainer) =>
      trainer.request('data/lookAtTable', { file }),
    );
    if (outcome.kind === 'done') return outcome.value;
    if (outcome.kind === 'died') throw new LabError(outcome.death);
    throw new LabError({
      code: 'DATA_SLOW',
      message: vscode.l10n.t('{0} could not be read within {1} s.', path.basename(file), outcome.seconds),
      remedy: vscode.l10n.t('Copy it to a disk of this machine, and try again.'),
    });
  });
}

/** The most probable column first. */
async function chooseTarget(name: string, look: TableLook): Promise<string | undefined> {
  const targets = targetsOf(look);
  if (targets.length === 0) {
    throw new LabError({
      code: 'DATA_NO_TARGET',
      message: vscode.l10n.t('{0} has no column that can be predicted.', name),
      expected: vscode.l10n.t('a column of numbers, or of texts that occur more than once'),
      found: look.columns.map((column) => column.name).join(', '),
      remedy: vscode.l10n.t('Add a column with what is to be predicted. The first row holds the names of the columns.'),
    });
  }
  const items = targets.map((column) => ({
    label: column.name,
    description: aboutColumn(column),
    detail: column.examples.join(', '),
    name: column.name,
  }));
  const placeHolder = vscode.l10n.t('What shall be predicted? All other columns are what it is predicted from.');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.name;
}

function aboutColumn(column: ColumnLook): string {
  return isClasses(column) ? vscode.l10n.t('{0} classes', column.distinct) : vscode.l10n.t('numbers: a regression');
}

/** The folder of the workspace that the data lies in; else beside it; without data, the first folder. */
function folderFor(app: App, file: string | undefined): string {
  const own = file === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  if (own !== undefined) return own.uri.fsPath;
  if (file !== undefined) return path.dirname(file);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? path.dirname(app.lab().root);
}

/** Never over a file that is there. */
async function write(experiment: NewExperiment, wanted: string): Promise<void> {
  const uri = await freeUri(wanted);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { contents: new TextEncoder().encode(modelText(experiment)) });
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(uri, { preview: false });
}

async function freeUri(wanted: string): Promise<vscode.Uri> {
  const { dir, name, ext } = path.parse(wanted);
  for (let count = 1; ; count++) {
    const uri = vscode.Uri.file(count === 1 ? wanted : path.join(dir, `${name}-${count}${ext}`));
    const exists = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!exists) return uri;
  }
}

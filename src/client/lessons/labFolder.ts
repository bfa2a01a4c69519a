/**
 * The learner's folder:
 *
 *   <lab folder>/<lesson id>/   working copies
 *   <lab folder>/.lab/          what the lab keeps: runs, types, backups; ignored by git
 */
import fs from 'node:fs';
import path from 'node:path';

/** The name of a lab folder that the lab makes itself. */
export const LAB_FOLDER_NAME = 'deep-learning-lab';

export interface LabFolder {
  readonly root: string;
  /** What its user chose: nothing below is written to through a link. The root itself, or the workspace that it lies in. */
  readonly base: string;
  /** `.lab`. */
  readonly own: string;
  readonly runs: string;
  readonly backups: string;
  readonly types: string;
}

export function labFolderAt(root: string, base = root): LabFolder {
  const own = path.join(root, '.lab');
  return {
    root,
    base,
    own,
    runs: path.join(own, 'runs'),
    backups: path.join(own, 'backups'),
    types: path.join(own, 'types'),
  };
}

export interface LabFolderChoice {
  /** The setting `deepLearningLab.folder`; empty when not set. `~` is the home folder, relative is to the workspace. */
  readonly setting?: string;
  /** The open folders, first one first. */
  readonly workspaceFolders: readonly string[];
  readonly home: string;
}

/**
 * The setting; else an open folder that is a lab folder or lies in one as a working copy; else
 * `deep-learning-lab` in the workspace, or in the home folder when no folder is open.
 */
export function chooseLabFolder({ setting = '', workspaceFolders, home }: LabFolderChoice): LabFolder {
  const [first] = workspaceFolders;
  const base = first ?? home;
  if (setting.trim() !== '') {
    const wanted = setting.trim().replace(/^~(?=$|[\\/])/, home);
    return labFolderAt(path.resolve(base, wanted));
  }
  for (const folder of workspaceFolders) {
    for (const candidate of [folder, path.dirname(folder)]) if (isLabFolder(candidate)) return labFolderAt(candidate);
    const inside = path.join(folder, LAB_FOLDER_NAME);
    if (isLabFolder(inside)) return labFolderAt(inside, folder);
  }
  const root = path.join(base, LAB_FOLDER_NAME);
  // In their home folder users lay links themselves; a workspace may have come with them.
  return first === undefined ? labFolderAt(root) : labFolderAt(root, first);
}

/** The id of the lesson whose working copy holds `file`, if there is one. */
export function lessonIdOf(lab: LabFolder, file: string): string | undefined {
  const relative = path.relative(lab.root, file);
  const [id, ...rest] = relative.split(path.sep);
  if (id === undefined || rest.length === 0 || id.startsWith('.') || path.isAbsolute(relative)) return undefined;
  return id;
}

function isLabFolder(folder: string): boolean {
  return fs.existsSync(path.join(folder, '.lab', '.gitignore'));
}

/** Where the lab writes: whether it may, how much room is left there, and what it has taken. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import { bytes } from '../../words/numbers';
import { homeless, reason, type Finding, type Machine, type Verdict } from './finding';
import { usage } from './usage';

/** A run of a small lesson takes some megabytes, one with ten checkpoints of a network of 5 million numbers 600 MB. */
const SCARCE = 5e9;
/** Fetching an engine takes 1 GB for a while; below, a run may find no room for its next checkpoint. */
const TOO_LITTLE = 1e9;

export function roomVerdict(free: number): Verdict {
  return free < TOO_LITTLE ? 'problem' : free < SCARCE ? 'note' : 'good';
}

interface Place {
  readonly title: string;
  readonly folder: string;
}

const placesOf = ({ paths, lab, storage }: Machine): Place[] => [
  { title: l10n.t('working copies and runs'), folder: lab.root },
  { title: l10n.t('the cache'), folder: paths.cache },
  ...(storage === undefined ? [] : [{ title: l10n.t('the extension’s own folder'), folder: storage }]),
];

/** Each is written to, or made, when it is first needed. */
export async function checkFolders(machine: Machine): Promise<Finding> {
  const subject = l10n.t('Folders');
  const lines: string[] = [];
  let refused = 0;
  for (const { title, folder } of placesOf(machine)) {
    const shown = homeless(folder, machine.home);
    try {
      const there = await nearest(folder);
      if (!(await fs.stat(there)).isDirectory())
        throw new Error(l10n.t('{0} is no folder', homeless(there, machine.home)));
      await fs.access(there, fs.constants.W_OK | fs.constants.X_OK);
      lines.push(
        there === folder
          ? l10n.t('{0} can be written ({1}).', shown, title)
          : l10n.t('{0} can be made ({1}).', shown, title),
      );
    } catch (error) {
      refused++;
      lines.push(l10n.t('{0} cannot be written ({1}): {2}.', shown, title, reason(error)));
    }
  }
  if (refused === 0) return { subject, verdict: 'good', found: lines.join('\n') };
  return {
    subject,
    verdict: 'problem',
    found: lines.join('\n'),
    remedy: l10n.t(
      'Give yourself the right to write there. The setting deepLearningLab.folder moves working copies and runs; the environment variable DEEP_LEARNING_LAB_CACHE moves the cache.',
    ),
  };
}

/** The folder itself, or the one in which it would be made. */
async function nearest(folder: string): Promise<string> {
  for (let place = folder; ; place = path.dirname(place)) {
    try {
      await fs.lstat(place);
      return place;
    } catch (error) {
      if (reason(error) !== 'ENOENT' || path.dirname(place) === place) throw error;
    }
  }
}

export async function checkDisk(machine: Machine, signal?: AbortSignal): Promise<Finding> {
  const subject = l10n.t('Disk');
  const lines: string[] = [];
  let least = Infinity;
  for (const { title, folder } of placesOf(machine)) {
    const shown = homeless(folder, machine.home);
    try {
      const { bavail, bsize } = await fs.statfs(await nearest(folder));
      least = Math.min(least, bavail * bsize);
      lines.push(l10n.t('{0} free for {1} ({2})', bytes(bavail * bsize), title, shown));
    } catch (error) {
      lines.push(l10n.t('{0}: how much is free is not known ({1})', shown, reason(error)));
    }
  }
  const taken = await usage(machine, signal);
  const sum = taken.reduce((all, { bytes: own }) => all + own, 0);
  const parts = taken.map(({ title, bytes: own }) => `${title} ${bytes(own)}`);
  lines.push(l10n.t('The lab has taken {0}: {1}.', bytes(sum), parts.length === 0 ? '–' : parts.join(', ')));
  const unread = taken.reduce((all, { unread: own }) => all + own, 0);
  if (unread > 0) lines.push(l10n.t('{0} files or folders could not be looked at and are not counted.', unread));
  const verdict = roomVerdict(least);
  const action = 'diskSpace';
  if (verdict === 'good') return { subject, verdict, found: lines.join('\n'), action };
  return {
    subject,
    verdict,
    found: lines.join('\n'),
    action,
    remedy: l10n.t('Make room: “Disk Space” says what takes it and what can be deleted.'),
  };
}

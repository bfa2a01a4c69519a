/** Whether the data that lessons train on is there and can be read, and the learner's own folder. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import { dataDirectories, isClone, languageModelFile } from '../paths';
import { bytes } from '../../words/numbers';
import { homeless, reason, type Finding, type Machine } from './finding';

/** The folders of what set-up packs, or an installed lab brings along. */
export const BUILT_IN_DATA = [
  'characters-128d',
  'fashion-mnist',
  'glove-50d',
  'mnist',
  'mobilenet-v3',
  'moby-dick',
  'poets',
  'quatrains',
  'reviews-chinese',
  'reviews-english',
] as const;

export async function checkBuiltInData({ paths, home }: Machine): Promise<Finding> {
  const subject = l10n.t('Data of the lessons');
  const places = new Set<string>();
  const missing: string[] = [];
  const damaged: string[] = [];
  for (const name of BUILT_IN_DATA) {
    const state = await stateOf(dataDirectories(paths).map((data) => path.join(data, name)));
    if (state === undefined) missing.push(name);
    else if (state.fault === undefined) places.add(path.dirname(state.folder));
    else damaged.push(`${homeless(state.folder, home)} (${state.fault})`);
  }
  const total = BUILT_IN_DATA.length;
  if (missing.length + damaged.length === 0) {
    const where = [...places].map((place) => homeless(place, home)).join(', ');
    return { subject, verdict: 'good', found: l10n.t('All {0} data sets are there, in {1}.', total, where) };
  }
  const again = isClone(paths) ? l10n.t('Run "npm run setup -- --only data".') : l10n.t('Install the lab again.');
  return {
    subject,
    verdict: 'problem',
    found: [
      ...(missing.length === 0 ? [] : [l10n.t('Missing: {0}.', missing.join(', '))]),
      ...(damaged.length === 0 ? [] : [l10n.t('Damaged or unreadable: {0}.', damaged.join(', '))]),
    ].join('\n'),
    remedy: damaged.length === 0 ? again : `${l10n.t('Delete what is damaged.')} ${again}`,
  };
}

interface State {
  readonly folder: string;
  readonly fault?: string;
}

/** Of the first of these folders that is there; undefined: none is. */
async function stateOf(candidates: readonly string[]): Promise<State | undefined> {
  for (const folder of candidates) {
    try {
      const packed = (await fs.readdir(folder)).filter((name) => name.endsWith('.gz'));
      if (packed.length === 0) return { folder, fault: l10n.t('empty') };
      for (const name of packed)
        if (!(await isGzip(path.join(folder, name))))
          return { folder, fault: l10n.t('{0} is not compressed data', name) };
      return { folder };
    } catch (error) {
      if (reason(error) !== 'ENOENT') return { folder, fault: reason(error) };
    }
  }
  return undefined;
}

/** As RFC 1952 begins every file of this kind. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await fs.open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

export async function checkOwnData({ dataDirectory, home }: Machine): Promise<Finding> {
  const subject = l10n.t('Your own data');
  if (dataDirectory === undefined)
    return { subject, verdict: 'good', found: l10n.t('No folder is set; the data that the lab brings is used.') };
  const shown = homeless(dataDirectory, home);
  try {
    const names = await fs.readdir(dataDirectory);
    if (names.length > 0)
      return { subject, verdict: 'good', found: l10n.t('{0} can be read: {1} entries.', shown, names.length) };
    return {
      subject,
      verdict: 'note',
      found: l10n.t('{0} is empty.', shown),
      remedy: l10n.t('Put data sets there: for CIFAR-10, the folder cifar-10-batches-bin.'),
      action: 'dataSetting',
    };
  } catch (error) {
    return {
      subject,
      verdict: 'problem',
      found: l10n.t('{0} cannot be read ({1}).', shown, reason(error)),
      remedy: l10n.t('Make it readable for you, or name another folder in the setting deepLearningLab.data.directory.'),
      action: 'dataSetting',
    };
  }
}

export async function checkLanguageModel({ paths, home }: Machine): Promise<Finding> {
  const subject = l10n.t('Language model');
  const file = languageModelFile(paths);
  const shown = homeless(file, home);
  try {
    const { size } = await fs.stat(file);
    await fs.access(file, fs.constants.R_OK);
    return { subject, verdict: 'good', found: l10n.t('SmolLM2 is there: {0} ({1}).', shown, bytes(size)) };
  } catch (error) {
    const absent = reason(error) === 'ENOENT';
    return {
      subject,
      verdict: absent ? 'note' : 'problem',
      found: absent
        ? l10n.t('SmolLM2 is not there. The lesson “A real language model” and Chat need it; nothing else does.')
        : l10n.t('{0} cannot be read ({1}).', shown, reason(error)),
      remedy: isClone(paths)
        ? l10n.t('Run "npm run setup -- --only languageModel".')
        : l10n.t('Run “Deep Learning Lab: Get Language Model” (93 MB).'),
      action: 'getLanguageModel',
    };
  }
}

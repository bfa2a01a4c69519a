/** Check Set-up: each subject by itself, so that what goes wrong with one hides nothing of the others. */
import * as l10n from '@vscode/l10n';
import os from 'node:os';
import type { CancellationToken } from 'vscode-jsonrpc';
import { LabError } from '../../protocol/errors';
import { dayAndTime } from '../../words/times';
import { cancelled } from '../processes/errors';
import { checkBuiltInData, checkLanguageModel, checkOwnData } from './data';
import { checkDisk, checkFolders } from './disk';
import { checkEngine } from './engine';
import { checkGpu } from './gpu';
import { reason, type Finding, type Machine, type Verdict } from './finding';
import { checkEditor, checkMemory, checkNetwork, checkNode, checkTrust } from './surroundings';

export type Told = Omit<Machine, 'env' | 'home' | 'node' | 'memory'>;

/** With what this process knows of its machine. */
export function thisMachine(told: Told): Machine {
  return {
    ...told,
    env: process.env,
    home: os.homedir(),
    node: process.versions.node,
    memory: { total: os.totalmem(), available: process.availableMemory() },
  };
}

type Check = (machine: Machine, token?: CancellationToken) => Finding | undefined | Promise<Finding | undefined>;

const CHECKS: readonly (readonly [subject: () => string, check: Check])[] = [
  [() => l10n.t('Engine'), checkEngine],
  [() => 'NVIDIA GPU', (machine) => checkGpu(machine)],
  [() => l10n.t('Data of the lessons'), checkBuiltInData],
  [() => l10n.t('Your own data'), checkOwnData],
  [() => l10n.t('Language model'), checkLanguageModel],
  [() => l10n.t('Folders'), checkFolders],
  [() => l10n.t('Disk'), (machine, token) => checkDisk(machine, signalOf(token))],
  [() => l10n.t('Memory'), checkMemory],
  [() => 'Node.js', checkNode],
  [() => 'VS Code', checkEditor],
  [() => l10n.t('Network'), checkNetwork],
  [() => l10n.t('Workspace trust'), checkTrust],
];

const SERIOUSNESS: readonly Verdict[] = ['problem', 'note', 'good'];

/** What is serious comes first. @throws LabError CANCELLED */
export async function checkSetup(machine: Machine, token?: CancellationToken): Promise<readonly Finding[]> {
  const found = await Promise.all(
    CHECKS.map(async ([subject, check]) => {
      try {
        return await check(machine, token);
      } catch (error) {
        if (token?.isCancellationRequested === true) throw cancelled();
        return failed(subject(), error);
      }
    }),
  );
  return found
    .filter((finding) => finding !== undefined)
    .sort((one, other) => SERIOUSNESS.indexOf(one.verdict) - SERIOUSNESS.indexOf(other.verdict));
}

function failed(subject: string, error: unknown): Finding {
  const known = error instanceof LabError ? error.data.remedy : undefined;
  return {
    subject,
    verdict: 'problem',
    found: l10n.t('This could not be checked: {0}', error instanceof LabError ? error.message : reason(error)),
    remedy: known ?? l10n.t('Install the lab again.'),
  };
}

function signalOf(token: CancellationToken | undefined): AbortSignal | undefined {
  if (token === undefined) return undefined;
  const controller = new AbortController();
  token.onCancellationRequested(() => {
    controller.abort();
  });
  return controller.signal;
}

export interface ReportText {
  /** Markdown. */
  readonly text: string;
  /** Which line, from 0, the heading of each finding stands in. */
  readonly lines: ReadonlyMap<Finding, number>;
}

/** To be read, and to be sent to whoever helps. */
export function reportText(findings: readonly Finding[], { version }: Machine, now = new Date()): ReportText {
  const words: Readonly<Record<Verdict, string>> = {
    problem: l10n.t('Problem'),
    note: l10n.t('Note'),
    good: l10n.t('Good'),
  };
  const lines: string[] = [
    `# ${l10n.t('Deep Learning Lab: Check Set-up')}`,
    '',
    l10n.t('Lab {0}, {1} {2}, {3}', version, process.platform, process.arch, dayAndTime(now.toISOString())),
    '',
    summary(findings),
  ];
  const places = new Map<Finding, number>();
  for (const finding of findings) {
    lines.push('');
    places.set(finding, lines.length);
    lines.push(`## ${l10n.t('{0}: {1}', words[finding.verdict], finding.subject)}`, '');
    for (const line of finding.found.split('\n')) lines.push(`- ${line}`);
    if (finding.remedy !== undefined) lines.push('', `**${l10n.t('What to do:')}** ${finding.remedy}`);
  }
  return { text: `${lines.join('\n')}\n`, lines: places };
}

export function summary(findings: readonly Finding[]): string {
  const number = (verdict: Verdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  return l10n.t('Problems: {0}. Notes: {1}. Good: {2}.', number('problem'), number('note'), number('good'));
}

export const hasProblem = (findings: readonly Finding[]): boolean =>
  findings.some(({ verdict }) => verdict === 'problem');

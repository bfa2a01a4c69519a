/** What the lab runs on: memory, Node, VS Code, network, trust. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { bytes } from '../../words/numbers';
import type { Finding, Machine, Verdict } from './finding';

/** The most that a lesson's trainer took, engine and data included (GPT, native); the smallest took 166 MB (spirals, wasm). */
const COMFORTABLE = 2.5e9;
/** An engine with a small model. */
const LEAST = 6e8;

export function checkMemory({ memory: { total, available }, trainer }: Machine): Finding {
  const subject = l10n.t('Memory');
  const limit = (trainer.memoryLimitMB ?? 0.8 * (total / 2 ** 20)) * 2 ** 20;
  // The least of the two: what is free now, and what a training is allowed.
  const usable = Math.min(available, limit);
  const verdict: Verdict = usable < LEAST ? 'problem' : usable < COMFORTABLE ? 'note' : 'good';
  const found = [
    l10n.t('{0} of {1} are available now.', bytes(available), bytes(total)),
    l10n.t(
      'A training may take {0} (deepLearningLab.trainer.memoryLimit); the lessons take 0.2 to 2.5 GB.',
      bytes(limit),
    ),
  ].join('\n');
  if (verdict === 'good') return { subject, verdict, found };
  const limited = limit < available && limit < COMFORTABLE;
  return {
    subject,
    verdict,
    found,
    remedy: limited
      ? l10n.t('Raise the setting deepLearningLab.trainer.memoryLimit.')
      : l10n.t('Close other programs, or train smaller models with smaller batches.'),
    ...(limited ? { action: 'memorySetting' as const } : {}),
  };
}

/** "^1.100.0" and ">=20.19" say the least version. */
export function isAtLeast(version: string, range: string): boolean {
  const numbers = (text: string): number[] => (/\d+(\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [own, least] = [numbers(version), numbers(range)];
  for (const [place, wanted] of least.entries()) {
    const has = own[place] ?? 0;
    if (has !== wanted) return has > wanted;
  }
  return true;
}

/** @throws Error where the installation has no readable package.json */
function needed({ paths }: Machine): { readonly node: string; readonly vscode: string } {
  const { engines } = JSON.parse(fs.readFileSync(path.join(paths.root, 'package.json'), 'utf8')) as {
    readonly engines: { readonly node: string; readonly vscode: string };
  };
  return engines;
}

export function checkNode(machine: Machine): Finding {
  const subject = 'Node.js';
  const { node } = needed(machine);
  const whose = machine.editor === undefined ? l10n.t('of this terminal') : l10n.t('that VS Code brings');
  const good = isAtLeast(machine.node, node);
  return {
    subject,
    verdict: good ? 'good' : 'problem',
    found: l10n.t('Trainers run with Node.js {0}, {1}; {2} is needed.', machine.node, whose, node),
    ...(good
      ? {}
      : { remedy: machine.editor === undefined ? l10n.t('Install a newer Node.js.') : l10n.t('Update VS Code.') }),
  };
}

/** Undefined in a terminal. */
export function checkEditor(machine: Machine): Finding | undefined {
  if (machine.editor === undefined) return undefined;
  const { version } = machine.editor;
  const { vscode } = needed(machine);
  const good = isAtLeast(version, vscode);
  return {
    subject: 'VS Code',
    verdict: good ? 'good' : 'problem',
    found: l10n.t('This is VS Code {0}; {1} is needed.', version, vscode),
    ...(good ? {} : { remedy: l10n.t('Update VS Code.') }),
  };
}

const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'] as const;

/** Nothing is asked of the network: what is set is told, without names and passwords. */
export function checkNetwork({ env, editor }: Machine): Finding {
  const set: string[] = PROXIES.filter((name) =>
    [env[name], env[name.toLowerCase()]].some((value) => (value ?? '') !== ''),
  );
  if ((editor?.proxy ?? '') !== '') set.push('http.proxy');
  const found = [
    l10n.t(
      'The lab needs no network after its installation. Only what you ask for is downloaded: an engine, the language model, CIFAR-10. This check has asked nobody.',
    ),
    set.length === 0 ? l10n.t('No proxy is set.') : l10n.t('Proxies are set: {0}.', set.join(', ')),
  ];
  // pip and npm, which download, know the environment alone.
  const unheard = set.length === 1 && set[0] === 'http.proxy';
  return {
    subject: l10n.t('Network'),
    verdict: unheard ? 'note' : 'good',
    found: found.join('\n'),
    ...(unheard
      ? {
          remedy: l10n.t(
            'pip and npm, which download for the lab, do not know VS Code’s setting: set HTTPS_PROXY in the environment, or configure them.',
          ),
        }
      : {}),
  };
}

/** Undefined in a terminal. */
export function checkTrust({ editor }: Machine): Finding | undefined {
  if (editor === undefined) return undefined;
  const subject = l10n.t('Workspace trust');
  if (editor.trusted) return { subject, verdict: 'good', found: l10n.t('This workspace is trusted.') };
  return {
    subject,
    verdict: 'note',
    found: l10n.t('This workspace is not trusted: lessons and earlier runs can be read only.'),
    remedy: l10n.t('Trust it, if you know where its files come from.'),
    action: 'trust',
  };
}

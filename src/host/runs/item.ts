import path from 'node:path';
import * as vscode from 'vscode';
import { isPinned } from '../../runFolder/pin';
import type { StoredRun, UnreadableRun } from '../../runFolder/runs';
import { ACTIVE_STATES, type RunRecord, type RunState } from '../../protocol/run';
import { commandOf } from '../app/commands';
import type { ItemWord } from '../app/manifest';
import { headline, inOrder } from '../../words/metrics';
import { briefFigure, count, figure, short } from '../../words/numbers';
import { epochText, stateText } from '../../words/runs';
import { ago, dayAndTime, duration } from '../../words/times';

/** A run in the Runs view. */
export class RunItem extends vscode.TreeItem {
  readonly folder: string;
  pinned = false;
  private looks = '';

  constructor(
    private run: StoredRun,
    private title: string,
    /** It came with its folder: nothing goes on from it until the user trusts it. */
    private readonly foreign: boolean,
  ) {
    super(title);
    this.folder = run.folder;
    this.id = run.folder;
    this.command = commandOf(vscode.l10n.t('Open Run'), 'deepLearningLab.openRun', run.folder);
    this.take(run, title);
  }

  /** Shows the run as it is now. Returns whether that looks different. */
  take(run: StoredRun, title: string): boolean {
    const { record } = run;
    this.run = run;
    this.title = title;
    this.label = title;
    this.pinned = isPinned(run.folder);
    const { icon, color } = this.looksOf(record);
    this.description = this.foreign ? `${vscode.l10n.t('not made here')} · ${brief(record)}` : brief(record);
    this.tooltip = tooltip(record, title, this.pinned);
    this.iconPath = new vscode.ThemeIcon(icon, themeColor(color));
    const more: ItemWord[] = [this.pinned ? 'pinned' : 'unpinned', ...(this.foreign ? (['foreign'] as const) : [])];
    this.contextValue = [...words(record), ...more].join(' ');
    const spoken = [
      title,
      stateText(record.state),
      describe(record),
      ...(this.pinned ? [vscode.l10n.t('pinned')] : []),
    ];
    this.accessibilityInformation = { label: spoken.join(', ') };
    const looks = [this.label, this.description, record.state, this.contextValue].join('\n');
    const different = looks !== this.looks;
    this.looks = looks;
    return different;
  }

  /** What is pinned shows that it is; how it ended says the colour, and the tooltip. */
  private looksOf({ state }: RunRecord): { readonly icon: string; readonly color: string | undefined } {
    if (this.foreign) return FOREIGN;
    const own = ICONS[state];
    return this.pinned && !ACTIVE_STATES.has(state) ? { ...own, icon: 'pinned' } : own;
  }

  /** "5s ago" does not stay true. Returns whether the item looks different now. */
  age(): boolean {
    return this.take(this.run, this.title);
  }
}

/** A folder among the runs that cannot be read as one. */
export class UnreadableItem extends vscode.TreeItem {
  readonly folder: string;

  constructor({ folder, problem }: UnreadableRun) {
    super(path.basename(folder));
    this.folder = folder;
    this.id = folder;
    this.description = vscode.l10n.t('cannot be read');
    this.tooltip = [problem.message, problem.found, problem.remedy].filter((part) => part !== undefined).join('\n');
    this.iconPath = new vscode.ThemeIcon('warning', themeColor('list.warningForeground'));
    this.contextValue = 'deletable' satisfies ItemWord;
  }
}

/** "0.91 · 2m ago": beside a title in a narrow view, what tells the runs of a lesson apart. The tooltip has the rest. */
export function brief(record: RunRecord): string {
  const best = headline(record.latest);
  const parts = best === undefined ? [] : [briefFigure(best.series, best.value)];
  if (ACTIVE_STATES.has(record.state)) {
    const { epoch } = record.progress;
    parts.push(record.config === undefined ? stateText(record.state) : `${epoch}/${record.config.epochs}`);
  } else {
    if (best === undefined) parts.push(stateText(record.state));
    parts.push(ago(record.createdAt, Date.now(), 'narrow'));
  }
  return parts.join(' · ');
}

/** "0.91 val_accuracy · 2 min. ago" */
export function describe(record: RunRecord): string {
  const best = headline(record.latest);
  // The figure first: the view is narrow.
  const parts = best === undefined ? [] : [`${figure(best.value)} ${best.series}`];
  if (ACTIVE_STATES.has(record.state)) {
    parts.push(record.state === 'training' ? epochText(record) : stateText(record.state));
  } else {
    if (record.state !== 'finished') parts.push(stateText(record.state));
    parts.push(ago(record.createdAt, Date.now()));
  }
  return parts.join(' · ');
}

const ICONS: Readonly<Record<RunState, { icon: string; color: string | undefined }>> = {
  preparing: { icon: 'loading~spin', color: undefined },
  training: { icon: 'pulse', color: 'charts.blue' },
  paused: { icon: 'debug-pause', color: 'charts.blue' },
  finished: { icon: 'pass', color: 'testing.iconPassed' },
  stopped: { icon: 'circle-slash', color: 'disabledForeground' },
  failed: { icon: 'error', color: 'testing.iconFailed' },
  interrupted: { icon: 'debug-disconnect', color: 'list.warningForeground' },
};

const FOREIGN = { icon: 'workspace-untrusted', color: 'list.warningForeground' } as const;

const themeColor = (id: string | undefined): vscode.ThemeColor | undefined =>
  id === undefined ? undefined : new vscode.ThemeColor(id);

function words(record: RunRecord): ItemWord[] {
  const active = ACTIVE_STATES.has(record.state);
  return [
    'run',
    ...(active ? (['active'] as const) : (['ended', 'deletable'] as const)),
    ...(record.state === 'training' || record.state === 'paused' ? [record.state] : []),
    ...(record.checkpoints.length > 0 ? (['checkpoints'] as const) : []),
  ];
}

export function tooltip(record: RunRecord, title: string, pinned = false): vscode.MarkdownString {
  const { config, progress, environment } = record;
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**');
  text.appendText(title);
  text.appendMarkdown(`** — ${stateText(record.state)}${pinned ? ` · ${vscode.l10n.t('pinned')}` : ''}\n\n`);
  const rows: [string, string][] = [
    [vscode.l10n.t('started'), dayAndTime(record.createdAt)],
    [vscode.l10n.t('trained'), `${epochText(record)} · ${duration(progress.seconds)}`],
    ...inOrder(Object.keys(record.latest)).map((name): [string, string] => [name, figure(record.latest[name])]),
  ];
  if (config !== undefined) {
    rows.push(
      [vscode.l10n.t('data'), `${config.data.name} (${count(config.data.train)})`],
      [vscode.l10n.t('parameters'), count(config.parameters)],
      [vscode.l10n.t('optimizer'), `${config.optimizer} · ${short(config.learningRate)}`],
      [vscode.l10n.t('batch size, seed'), `${config.batchSize}, ${config.seed}`],
    );
  }
  if (environment.engine !== undefined) rows.push(['TensorFlow', environment.engine.version]);
  text.appendMarkdown('| | |\n|---|---|\n');
  for (const [name, value] of rows) {
    text.appendMarkdown('| ');
    text.appendText(name);
    text.appendMarkdown(' | ');
    text.appendText(value);
    text.appendMarkdown(' |\n');
  }
  if (record.end?.error !== undefined) {
    text.appendMarkdown('\n\n');
    text.appendText(record.end.error.message);
  }
  return text;
}

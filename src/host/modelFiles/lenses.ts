import * as vscode from 'vscode';
import { lessonIdOf } from '../../client/lessons/labFolder';
import type { ExperimentCall, Range } from '../../client/source/analysis';
import type { App } from '../app/app';
import { commandOf } from '../app/commands';
import { isModelFile } from '../app/documents';
import { figure } from '../../words/numbers';
import { epochText, stateText } from '../../words/runs';
import type { Glance } from '../state/glance';
import { projectOf } from '../state/options';
import type { TrainerPool } from '../state/pool';
import { isActive, type ActiveSession } from '../state/session';
import type { Analyses } from './analyses';
import type { LastRuns } from './lastRuns';
import type { LensContributor } from './lensContributors';

/** Above the experiment: run, compare, open the panel; while it trains, how far it is, and Stop. */
export class ModelLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly contributors = new Set<LensContributor>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly pool: TrainerPool,
    glance: Glance,
    private readonly analyses: Analyses,
    private readonly lastRuns: LastRuns,
  ) {
    this.subscriptions = [
      glance.onDidChange(() => {
        this.changed.fire();
      }),
      lastRuns.onDidChange(() => {
        this.changed.fire();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.changed.fire();
      }),
    ];
  }

  add(contributor: LensContributor): vscode.Disposable {
    this.contributors.add(contributor);
    const subscription = contributor.onDidChange(() => {
      this.changed.fire();
    });
    this.changed.fire();
    return new vscode.Disposable(() => {
      subscription.dispose();
      this.contributors.delete(contributor);
    });
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!isModelFile(document)) return [];
    const analysis = await this.analyses.of(document);
    const { experiment } = analysis;
    const own =
      experiment === undefined
        ? []
        : this.commands(document, experiment).map(
            (command) => new vscode.CodeLens(lineOf(experiment.statementRange), command),
          );
    return [...own, ...[...this.contributors].flatMap((contributor) => contributor.lenses(document, analysis))];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  private commands({ uri }: vscode.TextDocument, { fields }: ExperimentCall): vscode.Command[] {
    const panel = commandOf(vscode.l10n.t('Open Panel'), 'deepLearningLab.openPanel', uri);
    if (!vscode.workspace.isTrusted) {
      return [{ title: vscode.l10n.t('Trust Workspace to Run'), command: 'workbench.trust.manage' }, panel];
    }
    const session = this.pool.get(projectOf(this.app, uri.fsPath));
    if (isActive(session) && session.run.record.modelFile === uri.fsPath) return training(session);
    const inLesson = lessonIdOf(this.app.lab(), uri.fsPath) !== undefined;
    return [
      {
        ...commandOf(
          `$(play) ${inLesson ? vscode.l10n.t('Run Lesson') : vscode.l10n.t('Run Model File')}`,
          'deepLearningLab.runModelFile',
          uri,
        ),
        tooltip: vscode.l10n.t('Trains this experiment, as it stands here'),
      },
      ...(fields.some(({ name }) => name === 'chat')
        ? [
            {
              ...commandOf(`$(comment-discussion) ${vscode.l10n.t('Chat')}`, 'deepLearningLab.chat', uri),
              tooltip: vscode.l10n.t('Talks to the language model in the panel, before anything is trained'),
            },
          ]
        : []),
      ...(this.lastRuns.of(uri.fsPath) === undefined
        ? []
        : [
            {
              ...commandOf(vscode.l10n.t('Compare With Last Run'), 'deepLearningLab.compareWithLastRun', uri),
              tooltip: vscode.l10n.t('Trains this experiment, with the curves of its last run beside the new ones'),
            },
          ]),
      panel,
    ];
  }
}

function training({ run: { record, folder } }: ActiveSession): vscode.Command[] {
  const { loss, accuracy } = record.latest;
  const state =
    record.state === 'preparing'
      ? [vscode.l10n.t('Preparing …')]
      : [
          epochText(record),
          ...(loss === undefined ? [] : [`loss ${figure(loss)}`]),
          ...(accuracy === undefined ? [] : [`accuracy ${figure(accuracy)}`]),
          ...(record.state === 'paused' ? [stateText(record.state)] : []),
        ];
  const icon = record.state === 'paused' ? '$(debug-pause)' : '$(pulse)';
  return [
    {
      ...commandOf(`${icon} ${state.join(' · ')}`, 'deepLearningLab.openRun', folder),
      tooltip: vscode.l10n.t('Open Panel'),
    },
    commandOf(`$(debug-stop) ${vscode.l10n.t('Stop')}`, 'deepLearningLab.stop', folder),
  ];
}

/** Where a range begins: a lens is shown above that line. */
export function lineOf({ start }: Range): vscode.Range {
  const position = new vscode.Position(start.line - 1, start.column - 1);
  return new vscode.Range(position, position);
}

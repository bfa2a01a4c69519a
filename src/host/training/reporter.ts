import * as vscode from 'vscode';
import { LabError, type LabErrorData } from '../../protocol/errors';
import type { RunRecord } from '../../protocol/run';
import type { App } from '../app/app';
import { execute } from '../app/commands';
import type { ModelDiagnostics } from '../diagnostics/modelDiagnostics';
import { headline } from '../../words/metrics';
import { figure } from '../../words/numbers';
import { endSentence } from '../../words/runs';
import type { TrainerPool } from '../state/pool';
import { isActive, type Session } from '../state/session';
import type { Stage } from '../state/stage';

/** Tells how runs of this window end: failures with place and remedy, success where the panel does not show it. */
export function reportRunEnds(app: App, pool: TrainerPool, stage: Stage, diagnostics: ModelDiagnostics): void {
  const active = new Set<string>();
  app.lifetime.add(
    pool.onDidChange((session) => {
      const { run } = session;
      if (run === undefined) return;
      if (isActive(session)) {
        if (active.has(run.folder)) return;
        active.add(run.folder);
        diagnostics.clear(run.record.modelFile);
      } else if (active.delete(run.folder)) {
        reportEnd(session, run.record, run.folder);
      }
    }),
  );

  const reportEnd = (session: Session, record: RunRecord, folder: string): void => {
    app.log.info(`Run ${record.id} ended: ${record.state} (${record.end?.reason ?? 'unknown'}).`);
    const error = record.end?.error;
    if (record.state === 'failed' || record.state === 'interrupted') {
      const shown = error ?? deadTrainer(session);
      diagnostics.set(shown);
      app.errors.show(new LabError(shown), resumeActions(record, folder));
    } else if (record.state === 'finished' && !stage.shows(folder)) {
      const open = vscode.l10n.t('Open');
      void vscode.window.showInformationMessage(endText(record), open).then((chosen) => {
        if (chosen === open) void execute('deepLearningLab.openRun', folder);
      });
    }
  };
}

const deadTrainer = ({ trainer }: Session): LabErrorData => ({
  code: 'TRAINER_DIED',
  message: vscode.l10n.t('The trainer ended unexpectedly during the run.'),
  remedy: vscode.l10n.t('Run the lesson again, or resume from the last checkpoint.'),
  details: trainer.logFile,
});

const resumeActions = (record: RunRecord, folder: string): { title: string; run: () => unknown }[] =>
  record.checkpoints.length === 0
    ? []
    : [
        {
          title: vscode.l10n.t('Resume From Checkpoint'),
          run: () => execute('deepLearningLab.resumeFromCheckpoint', folder),
        },
      ];

/** "“Spirals”: All 10 epochs are done, after 41 s. (val_accuracy 0.9800)" */
export function endText(record: RunRecord): string {
  const best = headline(record.latest);
  const figures = best === undefined ? '' : ` (${best.series} ${figure(best.value)})`;
  const { end, title } = record;
  if (end?.error !== undefined) return vscode.l10n.t('“{0}” failed: {1}', title, end.error.message);
  if (end === undefined) return vscode.l10n.t('“{0}” is still training{1}.', title, figures);
  return vscode.l10n.t('“{0}”: {1}{2}', title, endSentence(record), figures);
}

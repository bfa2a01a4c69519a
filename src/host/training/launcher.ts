import * as vscode from 'vscode';
import { prepareLabFolder } from '../../client/lessons/support';
import { readRun } from '../../runFolder/runs';
import { ACTIVE_STATES } from '../../protocol/run';
import type { StartRun } from '../../protocol/trainer';
import type { App } from '../app/app';
import { unsavedText } from '../app/documents';
import { withCancellableProgress, type Report } from '../app/progress';
import { setting } from '../app/settings';
import type { RunHistory } from '../state/history';
import { abandonPolicy, ownData, projectOf } from '../state/options';
import type { TrainerPool } from '../state/pool';
import { endSilentTrainer, isOfOtherVersion, isSilent, stopOther } from '../state/silent';
import type { Stage } from '../state/stage';
import { epochText } from '../../words/runs';
import { isActive, type ActiveSession, type Session } from '../state/session';

export interface RunRequest {
  /** Absolute path. */
  readonly modelFile: string;
  /** For the user, before the trainer has told the experiment's own title. */
  readonly title: string;
  readonly lesson?: string;
  readonly resumeFrom?: StartRun['resumeFrom'];
  /** It is paused before its first step. */
  readonly waits?: boolean;
  /** The model file is being opened meanwhile; the panel comes after it. */
  readonly opened?: Promise<void>;
}

/** From a model file to a run that trains, with the panel showing it. */
export class Launcher {
  constructor(
    private readonly app: App,
    private readonly pool: TrainerPool,
    private readonly stage: Stage,
    private readonly history: RunHistory,
  ) {}

  /** Resolves when the run trains, has ended, or the user has called it off. */
  async run(request: RunRequest): Promise<void> {
    if (!this.app.trust.allows()) return;
    const project = projectOf(this.app, request.modelFile);
    if (!(await this.makeWay(project))) return;
    try {
      await withCancellableProgress(request.title, async (report, token) => {
        report(vscode.l10n.t('Starting the trainer …'));
        const announced = this.announce(request);
        announced.catch(() => undefined); // heard of below, where a trainer can be had
        const session = await this.pool.use(project, token, async (trainer) => {
          await announced;
          await this.begin(trainer, request, token);
          return trainer;
        });
        await this.untilTraining(session, report, token);
      });
    } catch (error) {
      this.stage.withdraw(error);
      throw error;
    }
  }

  private async announce({ title, lesson, opened }: RunRequest): Promise<void> {
    await opened;
    await this.stage.announce(title, lesson);
  }

  /** Asks to stop, waits for the end. */
  async stop(session: ActiveSession): Promise<void> {
    const { trainer, run } = session;
    const stopped = trainer.stopRun(run.record.id, run.folder, setting('deepLearningLab.stop.graceSeconds'));
    const record = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Stopping {0} …', run.record.title) },
      async () => await stopped,
    );
    this.pool.ended(session, record);
  }

  /** A trainer has one run at a time. Returns false when the user wants to keep the one there is. */
  private async makeWay(project: string): Promise<boolean> {
    let session: Session | undefined;
    try {
      session = await this.answering(project);
    } catch (error) {
      if (isOfOtherVersion(error)) {
        const question = vscode.l10n.t('A training that the lab began before its update is still going on.');
        const detail = vscode.l10n.t('Stopping keeps what it has learned so far as a run.');
        if (!(await askToStop(question, detail))) return false;
        await stopOther(this.app, this.history, project);
        return true;
      }
      if (!isSilent(error)) throw error;
      const question = vscode.l10n.t('The trainer of this working copy does not answer.');
      const detail = vscode.l10n.t('Most likely its model file loops for ever. Its process can be ended.');
      if (!(await askToStop(question, detail))) return false;
      await endSilentTrainer(this.app, this.history, project);
      return true;
    }
    if (!isActive(session)) return true;
    const told = session.run;
    // It may have ended just now: that is on disk before this window is told.
    const record = await readRun(told.folder).catch(() => told.record);
    if (!ACTIVE_STATES.has(record.state) && record.state !== 'interrupted') return true;
    const question = vscode.l10n.t('“{0}” is still training.', record.title);
    const detail = vscode.l10n.t(
      'It is in {0}. Stopping keeps what it has learned so far as a run.',
      epochText(record),
    );
    if (!(await askToStop(question, detail))) return false;
    const now = this.pool.get(project);
    if (isActive(now)) await this.stop(now);
    return true;
  }

  /** The trainer that lives. One whose run is active is asked nothing: stopping it has a time limit of its own. */
  private async answering(project: string): Promise<Session | undefined> {
    const asked = async (): Promise<Session | undefined> => {
      const session = this.pool.get(project) ?? (await this.pool.attach(project));
      if (isActive(session)) return session;
      try {
        await session?.trainer.requireAnswer();
        return session;
      } catch (error) {
        if (session?.trainer.isOpen === true) throw error;
        return undefined; // it has gone: another one is started
      }
    };
    const title = vscode.l10n.t('Looking for the trainer …');
    return await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, asked);
  }

  private async begin(session: Session, request: RunRequest, token: vscode.CancellationToken): Promise<void> {
    const lab = this.app.lab();
    await prepareLabFolder(lab);
    const { modelFile, lesson, resumeFrom, waits } = request;
    // What the user sees is what runs, saved or not.
    const source = unsavedText(modelFile);
    const { record, runFolder } = await session.trainer.startRun(
      {
        modelFile,
        runsDirectory: lab.runs,
        abandon: abandonPolicy(),
        ...ownData(),
        ...(source === undefined ? {} : { source }),
        ...(lesson === undefined ? {} : { lesson }),
        ...(resumeFrom === undefined ? {} : { resumeFrom }),
        ...(waits === undefined ? {} : { waits }),
      },
      token,
    );
    this.pool.begun(session, record, runFolder);
    this.pool.focus(session.project);
    await this.stage.show(runFolder);
  }

  private async untilTraining(session: Session, report: Report, token: vscode.CancellationToken): Promise<void> {
    const runId = session.run?.record.id;
    await new Promise<void>((resolve, reject) => {
      const listeners = [
        this.pool.onDidChange((changed) => {
          if (changed.project === session.project) look();
        }),
        token.onCancellationRequested(() => {
          if (isActive(session)) this.stop(session).then(done, reject);
        }),
      ];
      const done = (): void => {
        for (const listener of listeners) listener.dispose();
        resolve();
      };
      const look = (): void => {
        const { run, activity } = session;
        if (run?.record.id !== runId || run?.record.state !== 'preparing') done();
        else if (activity !== undefined) report(activity.text, activity.fraction);
        else report(vscode.l10n.t('Preparing the data and the model …'));
      };
      look();
    });
  }
}

async function askToStop(question: string, detail: string): Promise<boolean> {
  const again = vscode.l10n.t('Stop and Run Again');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, again)) === again;
}

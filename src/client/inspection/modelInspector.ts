/** Has models built in a process of its own, which is ended when it does not answer: whatever a model file does. */
import * as l10n from '@vscode/l10n';
import { LabError, type LabErrorData } from '../../protocol/errors';
import type { InspectModel, ModelInspection } from '../../protocol/modelInspection';
import type { TrainerOptions } from '../processes/options';
import { TrainerConnection } from '../processes/connection';

/** Building a model takes milliseconds; one that takes so long does not end, or does what belongs into the training. */
export const LIMIT_SECONDS = 5;

/** A window that closes while a model file loops ends nothing: the process does it by itself. */
const ABANDONED_SECONDS = 6 * LIMIT_SECONDS;

export class ModelInspector {
  private trainer: Promise<TrainerConnection> | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private disposed = false;

  /** @param options Asked at each start, so that changed settings count. Their role is ours. */
  constructor(
    private readonly options: () => TrainerOptions,
    private readonly limitSeconds = LIMIT_SECONDS,
  ) {}

  /**
   * One model file after the other. What is wrong with it, not ending included, is part of the answer.
   * @throws LabError when no trainer can be started: TRAINER_START, ENGINE_…, CANCELLED after `dispose`
   */
  async inspect(request: InspectModel): Promise<ModelInspection> {
    const inspection = this.queue.then(() => this.inspectNow(request));
    this.queue = inspection.catch(() => undefined);
    return inspection;
  }

  /** Disconnects; the process ends itself when nobody else uses it. */
  dispose(): void {
    this.disposed = true;
    const { trainer } = this;
    this.trainer = undefined;
    void trainer?.then(
      (started) => {
        started.dispose();
      },
      () => undefined, // whoever waited for the start has been told
    );
  }

  private async inspectNow(request: InspectModel): Promise<ModelInspection> {
    for (let attempt = 1; ; attempt++) {
      const trainer = await this.started();
      const answer = await this.ask(trainer, request);
      if (!('died' in answer)) return answer;
      // Another window may have ended it, for a model file of its own.
      if (attempt > 1) return { layers: [], problems: [{ severity: 'error', error: answer.died, related: [] }] };
    }
  }

  private async ask(
    trainer: TrainerConnection,
    request: InspectModel,
  ): Promise<ModelInspection | { readonly died: LabErrorData }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => {
        resolve('late');
      }, this.limitSeconds * 1000);
    });
    const answer = trainer.request('model/inspect', request).catch(async (error: unknown) => {
      if (error instanceof LabError) throw error;
      // The connection is gone, and with it the process.
      const { error: death } = await trainer.closed;
      return { died: endedProcess(death) };
    });
    try {
      const first = await Promise.race([answer, late]);
      if (first !== 'late') return first;
      await trainer.kill();
      return { layers: [], problems: [{ severity: 'error', error: timedOut(this.limitSeconds), related: [] }] };
    } finally {
      clearTimeout(timer);
    }
  }

  private async started(): Promise<TrainerConnection> {
    if (this.disposed) throw new LabError({ code: 'CANCELLED', message: l10n.t('Cancelled.') });
    this.trainer ??= this.start();
    return this.trainer;
  }

  private async start(): Promise<TrainerConnection> {
    try {
      const options = { ...this.options(), role: 'inspection', blockedSeconds: ABANDONED_SECONDS } as const;
      const trainer = await TrainerConnection.start(options);
      void trainer.closed.then(() => {
        this.trainer = undefined;
      });
      return trainer;
    } catch (error) {
      this.trainer = undefined;
      throw error;
    }
  }
}

function timedOut(seconds: number): LabErrorData {
  return {
    code: 'MODEL_TIMEOUT',
    message: l10n.t('The model file did not finish within {0} s.', seconds),
    remedy: l10n.t('Look for a loop that never ends. Work on data belongs into the data set, not into the model file.'),
  };
}

function endedProcess(death: LabErrorData | undefined): LabErrorData {
  if (death?.code === 'OUT_OF_MEMORY') return death;
  return {
    code: 'TRAINER_DIED',
    message: l10n.t('The model file ended the process that builds the model.'),
    remedy: l10n.t('Look for a call of process.exit(), or for a tensor of enormous size.'),
    ...(death?.details === undefined ? {} : { details: death.details }),
  };
}

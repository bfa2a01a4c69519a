/** One run from its folder to its end: what may be asked of it, and how it ends whatever goes wrong. */
import * as l10n from '@vscode/l10n';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { loadSplits } from '../../lab/loadSplits';
import { LabError, toErrorData } from '../../protocol/errors';
import { ACTIVE_STATES, type EndReason, type RunEnd, type RunRecord, type RunState } from '../../protocol/run';
import type { Picture } from '../../protocol/pictures';
import type { PictureSettings } from '../../protocol/textPictures';
import type { StartRun } from '../../protocol/trainer';
import { RunFolder } from '../../runFolder/writer';
import { BaseMissing } from '../bases/missing';
import { withModelErrors } from '../modelFile/errors';
import { loadModelFile, type LoadedModelFile } from '../modelFile/load';
import type { Origin } from '../modelFile/errors';
import { Control, type StopReason } from '../../learning/training/control';
import type { Data, Training } from '../../learning/training/training';
import { Journal, type RunListener } from './journal';
import { PictureDesk } from './pictureDesk';
import { newRecord, runLabel, type RunEnvironment } from './record';
import { copyCurve, pointsBefore } from './resume';
import { train } from './train';

/** What a run trains, and where it comes from. */
export interface LoadedExperiment
  extends Origin, Pick<LoadedModelFile, 'experiment' | 'effects' | 'source' | 'sourceHash'> {
  /** What the source is called in the run's folder. Default: as the model file. */
  readonly sourceName?: string;
  release(): void;
}

export interface RunOptions {
  /** Aborted: it does not begin. */
  readonly signal?: AbortSignal;
  /** Model files whose runs wait for this one: it is their base. */
  readonly before?: readonly string[];
  /** An experiment that stands in no model file. */
  readonly load?: () => Promise<LoadedExperiment>;
  /** Called with the training when it has ended without an error; who takes it disposes it. */
  readonly keep?: (training: Training, data: Data) => void;
}

/** A loop hears of a stop between two steps; code that never returns does not. */
const STOPPING_MS = 2000;

export class Run {
  /** Resolves, never rejects, when the run has ended and everything is on disk. */
  readonly ended: Promise<RunRecord>;
  private readonly journal: Journal;
  private readonly control: Control;
  private readonly abort = new AbortController();
  private readonly desk = new PictureDesk();
  private fault: Error | undefined;
  private giveUp: (error: Error) => void = () => undefined;

  private constructor(
    readonly folder: RunFolder,
    record: RunRecord,
    private readonly request: StartRun,
    private readonly environment: RunEnvironment,
    listener: RunListener,
    private readonly options: RunOptions,
  ) {
    this.control = new Control((paused) => {
      this.setState(paused ? 'paused' : 'training');
    });
    if (request.waits === true) this.control.pause();
    this.journal = new Journal(folder, record, listener, (error) => {
      this.fail(error);
    });
    this.ended = this.live();
  }

  /**
   * Makes the run's folder, with the curve that it goes on from, and lets the run live. One that is refused or called off
   * leaves nothing behind.
   * @throws LabError when the run's folder cannot be made or what it resumes cannot be read; the signal's reason
   */
  static async begin(
    request: StartRun,
    environment: RunEnvironment,
    listener: RunListener,
    options: RunOptions = {},
  ): Promise<Run> {
    const now = new Date();
    const { signal } = options;
    const { resumeFrom } = request;
    const points = resumeFrom === undefined ? 0 : pointsBefore(resumeFrom);
    const folder = RunFolder.create(request.runsDirectory, runLabel(request), now);
    try {
      const record = newRecord(folder.id, request, environment, now, points);
      if (resumeFrom !== undefined) {
        // Should the process be killed now, it is a run that was interrupted.
        folder.writeRecord(record);
        await copyCurve(resumeFrom, points, folder.path, signal);
      }
      signal?.throwIfAborted();
      return new Run(folder, record, request, environment, listener, options);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  get current(): RunRecord {
    return this.journal.current;
  }

  get isActive(): boolean {
    return ACTIVE_STATES.has(this.current.state);
  }

  /** Told since its end, of a model that is still looked at. */
  get latePictures(): readonly Picture[] {
    return this.journal.latePictures;
  }

  pause(): void {
    this.control.pause();
  }

  resume(): void {
    this.control.resume();
  }

  /** Resolves when the step is done and its point is on disk. */
  async step(): Promise<void> {
    this.control.pause();
    await this.control.step();
    this.journal.flush();
  }

  setLearningRate(rate: number): void {
    this.control.changeLearningRate(rate);
  }

  /** @throws LabError PICTURE_GONE, PICTURE_SETTING, PICTURE_WORD, TEXT_EMPTY, what the tokenizer and the learner's code throw */
  async setPicture(settings: PictureSettings): Promise<void> {
    await this.desk.set(settings);
  }

  /** Lets go of a model that was kept only to be looked at. */
  release(): void {
    this.desk.release();
  }

  async stop(reason: StopReason): Promise<RunRecord> {
    this.control.stop(reason);
    this.abort.abort();
    return this.ended;
  }

  /** What goes wrong beside the loop, where nobody could be told: the run ends of it, also one that waits for ever. */
  fail(error: unknown): void {
    this.fault ??= error instanceof Error ? error : new Error(String(error));
    this.control.stop('stoppedByUser');
    this.abort.abort();
    setTimeout(this.giveUp, STOPPING_MS, this.fault).unref();
  }

  private async live(): Promise<RunRecord> {
    // The answer to run/start leaves first: a model file may block this process.
    await nextTurn();
    try {
      const gaveUp = new Promise<never>((_, reject) => (this.giveUp = reject));
      const reason = await Promise.race([this.loadAndTrain(), gaveUp]);
      if (this.fault !== undefined) throw this.fault;
      this.end(isStop(reason) ? 'stopped' : 'finished', { reason });
    } catch (error) {
      const { stopped } = this.control;
      if (stopped !== undefined && this.fault === undefined && isAbort(error)) this.end('stopped', { reason: stopped });
      else this.end('failed', { reason: 'error', error: toErrorData(this.fault ?? error) });
    }
    return this.current;
  }

  private async loadAndTrain(): Promise<EndReason> {
    const { modelFile, source, runsDirectory } = this.request;
    enterFolderOf(modelFile);
    const file = { file: modelFile, runs: runsDirectory, ...(source === undefined ? {} : { source }) };
    const loaded: LoadedExperiment = await (this.options.load?.() ?? loadModelFile(file));
    try {
      this.folder.writeSource(loaded.sourceName ?? path.basename(modelFile), loaded.source);
      this.journal.update({ title: loaded.experiment.title, sourceHash: loaded.sourceHash });
      // From here on the learner's code runs now and then: whatever it throws gets its place in their source.
      return await withModelErrors(loaded, () => this.trainLoaded(loaded));
    } finally {
      loaded.release();
    }
  }

  private async trainLoaded(loaded: LoadedExperiment): Promise<EndReason> {
    const { dataDirectory: own } = this.request;
    const data = await loadSplits(loaded.experiment.data, {
      directories: [...(own === undefined ? [] : [own]), ...this.environment.dataDirectories],
      cacheDirectory: this.environment.cacheDirectory,
      signal: this.abort.signal,
      progress: (text, fraction) => {
        this.journal.activity(text, fraction);
      },
    });
    if (this.control.stopped !== undefined) return this.control.stopped;
    this.desk.origin = loaded;
    for (const bases = new Set<string>(); ;) {
      try {
        return await train(loaded, data, this.request, this.journal, this.control, {
          desk: this.desk,
          isWatched: () => this.environment.isAttended(),
          memoryLimitMB: this.environment.memoryLimitMB,
          keep: this.options.keep,
        });
      } catch (error) {
        // Only a model that is being built asks for a base, so nothing has been trained yet.
        if (!(error instanceof BaseMissing) || bases.has(error.modelFile)) throw error;
        bases.add(error.modelFile);
        const stopped = await this.trainBase(error);
        if (stopped !== undefined) return stopped;
      }
    }
  }

  /** Trains the model file whose weights this one begins with, as a run of its own. */
  private async trainBase(missing: BaseMissing): Promise<StopReason | undefined> {
    const { modelFile } = missing;
    const chain = [...(this.options.before ?? []), this.request.modelFile];
    if (chain.includes(modelFile)) throw missing;
    const { runsDirectory, dataDirectory, abandon, lesson, overrides } = this.request;
    const name = path.basename(modelFile);
    const request = {
      modelFile,
      runsDirectory,
      abandon,
      ...(dataDirectory === undefined ? {} : { dataDirectory }),
      ...(lesson === undefined ? {} : { lesson }),
      ...(overrides?.compile === undefined ? {} : { overrides: { compile: overrides.compile } }),
    };
    const tell = ({ progress, config }: RunRecord): void => {
      const { epoch, step, totalSteps } = progress;
      const text = l10n.t('Training {0} first: epoch {1} of {2}', name, epoch, config?.epochs ?? 0);
      if (config !== undefined) this.journal.activity(text, totalSteps === 0 ? null : step / totalSteps);
    };
    const listener: RunListener = {
      changed: tell,
      points: () => undefined,
      picture: () => undefined,
      activity: (_run, text, fraction) => {
        this.journal.activity(text, fraction);
      },
    };
    const base = await Run.begin(request, this.environment, listener, { before: chain });
    const stop = (): void => void base.stop(this.control.stopped ?? 'stoppedByUser');
    this.abort.signal.addEventListener('abort', stop, { once: true });
    if (this.abort.signal.aborted) stop();
    const { end } = await base.ended;
    this.abort.signal.removeEventListener('abort', stop);
    if (this.control.stopped !== undefined) return this.control.stopped;
    if (end?.error !== undefined) throw new LabError(end.error);
    enterFolderOf(this.request.modelFile);
    return undefined;
  }

  private setState(state: RunState): void {
    if (this.current.state === state) return;
    this.journal.update({ state });
  }

  private end(state: RunState, how: Pick<RunEnd, 'reason' | 'error'>): void {
    this.journal.end(state, { ...how, at: new Date().toISOString(), unattended: !this.environment.isAttended() });
  }
}

/** Relative paths in the learner's code mean their folder, also when it was deleted and made again meanwhile. */
function enterFolderOf(modelFile: string): void {
  const folder = path.dirname(modelFile);
  // A missing folder is the loader's to report: it knows the model file.
  if (existsSync(folder)) process.chdir(folder);
}

function isStop(reason: EndReason): reason is StopReason {
  return reason === 'stoppedByUser' || reason === 'abandoned';
}

function isAbort(error: unknown): boolean {
  return (
    (error instanceof Error && error.name === 'AbortError') || (error instanceof LabError && error.code === 'CANCELLED')
  );
}

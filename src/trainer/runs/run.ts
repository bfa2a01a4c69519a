/** One run from its folder to its end: the state machine around the training loop. */
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Split } from '../../lab/dataset';
import { LabError, toErrorData } from '../../protocol/errors';
import {
  ACTIVE_STATES,
  RUN_FORMAT,
  type EndReason,
  type EngineInfo,
  type Inspection,
  type Metrics,
  type Point,
  type RunEnd,
  type RunRecord,
  type RunState,
} from '../../protocol/run';
import type { StartRun } from '../../protocol/trainer';
import type { CompileState } from '../compile';
import { createInspectors } from '../inspect/inspector';
import { withModelErrors } from '../modelFile/errors';
import { loadModelFile, type LoadedModelFile } from '../modelFile/load';
import { build, type Built } from '../training/build';
import { readCheckpoint, type CheckpointState } from '../training/checkpoint';
import { Control, type StopReason } from '../training/control';
import { Executor } from '../training/executor';
import { TrainingLoop, type LoopEvents } from '../training/loop';
import { nonFiniteLoss } from '../training/nonFinite';
import { disposeOptimizer } from '../training/optimizer';
import { Randomness } from '../training/randomness';
import { Checkpoints } from './checkpoints';
import { DEFAULT_SEED, runConfig } from './config';
import { RunFolder } from './folder';
import { PointSink } from './points';
import { copyCurve } from './resume';

/** Whom a run tells what happens. */
export interface RunListener {
  changed(record: RunRecord, runFolder: string): void;
  points(runId: string, from: number, points: readonly Point[]): void;
  inspection(runId: string, inspection: Inspection): void;
  activity(runId: string, text: string, fraction: number | null): void;
}

export interface RunEnvironment {
  readonly engine: EngineInfo;
  readonly instance: string;
  readonly heartbeatFile: string;
  readonly dataDirectories: readonly string[];
  readonly cacheDirectory: string;
  /** Whether any client is attached now. */
  readonly isAttended: () => boolean;
}

/** Clients hear of progress at most this often; of a new state at once. */
const PROGRESS_INTERVAL_MS = 200;

export class Run {
  readonly folder: RunFolder;
  /** Resolves when the run has ended and everything is on disk. */
  readonly ended: Promise<RunRecord>;
  private record: RunRecord;
  private readonly control: Control;
  private readonly sink: PointSink;
  private readonly checkpoints: Checkpoints;
  private readonly abort = new AbortController();
  private lastAnnounced = 0;
  /** What went wrong outside the loop, where nobody could be told. */
  private fault: Error | undefined;

  /** @throws LabError when the run's folder cannot be made or the curve to resume cannot be read */
  constructor(
    private readonly request: StartRun,
    private readonly environment: RunEnvironment,
    private readonly listener: RunListener,
  ) {
    const now = new Date();
    const label = request.lesson ?? path.basename(request.modelFile, path.extname(request.modelFile));
    this.folder = RunFolder.create(request.runsDirectory, label, now);
    this.checkpoints = new Checkpoints(path.join(this.folder.path, 'checkpoints'));
    const copied = request.resumeFrom === undefined ? 0 : copyCurve(request.resumeFrom, this.folder.path);
    this.record = {
      format: RUN_FORMAT,
      id: this.folder.id,
      title: label,
      ...(request.lesson === undefined ? {} : { lesson: request.lesson }),
      modelFile: request.modelFile,
      sourceHash: '',
      createdAt: now.toISOString(),
      state: 'preparing',
      progress: { epoch: 0, step: 0, stepsPerEpoch: 0, totalSteps: 0, seconds: 0, secondsLeft: null, learningRate: 0 },
      latest: {},
      environment: {
        engine: environment.engine,
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
        cpus: os.availableParallelism(),
      },
      trainer: { pid: process.pid, instance: environment.instance, heartbeat: environment.heartbeatFile },
      ...(request.resumeFrom === undefined
        ? {}
        : {
            resumedFrom: {
              run: path.basename(request.resumeFrom.runFolder),
              checkpoint: request.resumeFrom.checkpoint,
            },
          }),
      points: copied,
      checkpoints: [],
    };
    this.folder.writeRecord(this.record);
    this.sink = new PointSink(
      copied,
      (points) => {
        this.folder.appendPoints(points);
      },
      (from, points) => {
        listener.points(this.folder.id, from, points);
      },
      (error) => {
        this.fault = error instanceof Error ? error : new Error(String(error));
        this.control.stop('stoppedByUser');
      },
    );
    this.control = new Control((paused) => {
      this.setState(paused ? 'paused' : 'training');
    });
    this.ended = this.live();
  }

  get current(): RunRecord {
    return this.record;
  }

  get isActive(): boolean {
    return ACTIVE_STATES.has(this.record.state);
  }

  pause(): void {
    this.control.pause();
  }

  resume(): void {
    this.control.resume();
  }

  async step(): Promise<void> {
    this.control.pause();
    await this.control.step();
    this.sink.flush();
  }

  setLearningRate(rate: number): void {
    this.control.changeLearningRate(rate);
  }

  async stop(reason: StopReason): Promise<RunRecord> {
    this.control.stop(reason);
    this.abort.abort();
    return this.ended;
  }

  /** Never rejects: whatever goes wrong is how the run ended. */
  private async live(): Promise<RunRecord> {
    // The answer to run/start leaves first: a model file may block this process.
    await nextTurn();
    try {
      const reason = await this.train();
      if (this.fault !== undefined) throw this.fault;
      this.end(reason === 'stoppedByUser' || reason === 'abandoned' ? 'stopped' : 'finished', { reason });
    } catch (error) {
      if (this.control.stopped !== undefined && this.fault === undefined && isAbort(error))
        this.end('stopped', { reason: this.control.stopped });
      else this.end('failed', { reason: 'error', error: toErrorData(error) });
    }
    return this.record;
  }

  private async train(): Promise<EndReason> {
    const loaded = await loadModelFile({
      file: this.request.modelFile,
      ...(this.request.source === undefined ? {} : { source: this.request.source }),
    });
    this.folder.writeSource(path.basename(this.request.modelFile), loaded.source);
    this.update({ title: loaded.experiment.title, sourceHash: loaded.sourceHash });
    // From here on the learner's code runs now and then: whatever it throws gets its place in their source.
    return withModelErrors(loaded, () => this.trainLoaded(loaded));
  }

  private async trainLoaded(loaded: LoadedModelFile): Promise<EndReason> {
    const data = await this.loadData(loaded);
    if (this.control.stopped !== undefined) return this.control.stopped;

    const { experiment } = loaded;
    const seed = experiment.seed ?? DEFAULT_SEED;
    const randomness = new Randomness(seed);
    const built = randomness.during(() => build(experiment));
    const compile = this.request.overrides?.compile ?? true;
    const executor = new Executor(built.learner, built.optimizer, { seed, compile }, (state) => {
      this.noteExecution(state);
    });
    try {
      return await this.trainBuilt(loaded, data, built, executor, randomness);
    } finally {
      executor.dispose();
      built.learner.dispose();
      disposeOptimizer(built.optimizer);
    }
  }

  private async loadData(loaded: LoadedModelFile): Promise<{ train: Split; test: Split }> {
    return loaded.experiment.data.load({
      directories: this.environment.dataDirectories,
      cacheDirectory: this.environment.cacheDirectory,
      signal: this.abort.signal,
      progress: (text, fraction) => {
        this.listener.activity(this.folder.id, text, fraction);
      },
    });
  }

  private async trainBuilt(
    loaded: LoadedModelFile,
    data: { train: Split; test: Split },
    built: Built,
    executor: Executor,
    randomness: Randomness,
  ): Promise<EndReason> {
    const { experiment } = loaded;
    const epochs = this.request.overrides?.epochs ?? experiment.epochs;
    const resumed = this.restore(built);
    const inspectors = createInspectors({
      experiment,
      executor,
      test: data.test,
      fromLogits: built.fromLogits,
      now: () => performance.now(),
      emit: (inspection) => {
        this.folder.writeInspection(inspection);
        this.listener.inspection(this.folder.id, inspection);
      },
    });
    const events: LoopEvents = {
      point: (point) => {
        this.record = { ...this.record, latest: { ...this.record.latest, ...point.values } };
        this.sink.add(point);
      },
      progress: (progress) => {
        this.progress({ progress });
      },
      stepEnd: (step, epoch) => {
        for (const inspector of inspectors) inspector.stepEnd?.(step, epoch);
      },
      testOutput: (output, firstRow) => {
        for (const inspector of inspectors) inspector.testOutput?.(output, firstRow);
      },
      epochEnd: (state, values) => {
        for (const inspector of inspectors) inspector.epochEnd?.(state.step, state.epoch);
        executor.sync();
        this.saveCheckpoint(state, values, built);
      },
      nonFinite: (step, loss, origin, rate) =>
        nonFiniteLoss(
          step,
          loss,
          origin,
          rate,
          origin.layer === undefined ? undefined : loaded.layerLocation(origin.layer),
        ),
    };
    const loop = new TrainingLoop(
      executor,
      built.optimizer,
      data,
      {
        epochs,
        batchSize: experiment.batchSize,
        stopWhen: experiment.stopWhen,
        shape: { inputShape: experiment.data.inputShape, targetShape: experiment.data.targetShape },
      },
      randomness,
      this.control,
      events,
      () => performance.now(),
      resumed,
    );
    this.update({ state: 'training', config: runConfig(experiment, built, data, epochs), progress: loop.progress });
    return loop.run();
  }

  private restore({ learner, optimizer }: Built): CheckpointState | undefined {
    const from = this.request.resumeFrom;
    if (from === undefined) return undefined;
    return readCheckpoint(path.join(from.runFolder, 'checkpoints', from.checkpoint), learner, optimizer);
  }

  private saveCheckpoint(state: Omit<CheckpointState, 'points'>, values: Metrics, { learner, optimizer }: Built): void {
    this.sink.flush();
    const loss = values['val_loss'] ?? values['loss'] ?? Number.NaN;
    this.folder.guarded(() => {
      this.checkpoints.save({ ...state, points: this.sink.count }, loss, learner, optimizer);
    });
    this.update({ checkpoints: this.checkpoints.names });
  }

  private noteExecution(state: CompileState): void {
    switch (state.kind) {
      case 'recording':
        return;
      case 'compiled':
        // Other batch sizes are compiled later; what the first one cost is what a user wonders about.
        if (this.record.execution !== undefined) return;
        this.update({
          execution: { mode: 'compiled', milliseconds: state.milliseconds, operations: state.operations },
        });
        return;
      case 'eager':
        if (state.refusal.details !== undefined) process.stderr.write(`[compile] ${state.refusal.details}\n`);
        this.update({ execution: { mode: 'eager', reason: state.refusal.message } });
    }
  }

  private setState(state: RunState): void {
    if (this.record.state === state) return;
    this.sink.flush();
    this.update({ state });
  }

  private end(state: RunState, how: Pick<RunEnd, 'reason' | 'error'>): void {
    let end: RunEnd = { ...how, at: new Date().toISOString(), unattended: !this.environment.isAttended() };
    let final = state;
    try {
      this.sink.flush();
    } catch (error) {
      final = 'failed';
      end = { ...end, reason: 'error', error: toErrorData(error) };
    }
    this.sink.dispose();
    this.record = { ...this.record, state: final, end, points: this.sink.count };
    try {
      this.folder.writeRecord(this.record);
    } catch (error) {
      // Nothing can be kept on disk; the clients at least are told.
      this.record = {
        ...this.record,
        state: 'failed',
        end: { ...end, reason: 'error', error: end.error ?? toErrorData(error) },
      };
    }
    this.folder.close();
    this.announce();
  }

  private progress(change: Pick<RunRecord, 'progress'>): void {
    this.record = { ...this.record, ...change };
    if (performance.now() - this.lastAnnounced >= PROGRESS_INTERVAL_MS) this.announce();
  }

  /** A change that has to be on disk. */
  private update(change: Partial<RunRecord>): void {
    this.record = { ...this.record, ...change, points: this.sink.count };
    this.folder.writeRecord(this.record);
    this.announce();
  }

  private announce(): void {
    this.lastAnnounced = performance.now();
    this.listener.changed(this.record, this.folder.path);
  }
}

function isAbort(error: unknown): boolean {
  return (
    (error instanceof Error && error.name === 'AbortError') || (error instanceof LabError && error.code === 'CANCELLED')
  );
}

/** Shows one run in a terminal: a line an epoch, and on a terminal a live line with a bar below them. */
import * as l10n from '@vscode/l10n';
import { seriesParts, validationName, type Metrics, type Point, type RunRecord } from '../../protocol/run';
import { clearLive, drawLive, type Output } from '../../setup/terminal';
import { bar, formatMetrics, formatSeconds, formatTimeLeft, secondsLeft } from './format';

const BAR_WIDTH = 24;
const REDRAW_MS = 80;

export class RunPrinter {
  private record: RunRecord | undefined;
  private lastPoint: Point | undefined;
  private drawnAt = 0;
  private lineIsLive = false;
  private described = false;
  private lastActivity = '';
  private endOfReference = 0;

  /** `label` stands before each line where several runs share a terminal. */
  constructor(
    private readonly output: Output,
    private readonly label = '',
  ) {}

  update(record: RunRecord): void {
    this.record = record;
    if (!this.described && record.config !== undefined) {
      this.described = true;
      const { config, environment } = record;
      this.print(
        l10n.t(
          '{0}: {1} parameters, {2} + {3} examples of {4}, batch size {5}, {6}, {7}',
          record.title,
          config.parameters.toLocaleString('en'),
          config.data.train.toLocaleString('en'),
          config.data.test.toLocaleString('en'),
          config.data.name,
          config.batchSize,
          config.optimizer,
          `TensorFlow ${environment.engine?.version ?? '?'}`,
        ),
      );
    }
    const { referenceEnd, config } = record;
    if (referenceEnd !== undefined && this.endOfReference !== referenceEnd.step) {
      this.endOfReference = referenceEnd.step;
      this.print(`  ${config?.reference?.label ?? ''}: ${referenceEnd.message}`);
    }
    this.draw();
  }

  points(points: readonly Point[]): void {
    for (const point of points) {
      this.lastPoint = point;
      if (point.kind === 'epoch') this.epoch(point);
    }
    this.draw();
  }

  /** Work before the first step, e.g. a download. */
  activity(text: string, fraction: number | null): void {
    if (this.output.isTTY === true) {
      this.live(
        `${text}${fraction === null ? ' …' : ` ${bar(fraction, BAR_WIDTH)} ${String(Math.floor(fraction * 100))} %`}`,
      );
    } else if (text !== this.lastActivity) this.print(`${text} …`);
    this.lastActivity = text;
  }

  /** A line of its own above the live one. */
  print(text: string): void {
    this.clear();
    this.output.write(`${this.label}${text}\n`);
    this.draw();
  }

  /** Text of the learner's own, as it comes. */
  write(text: string): void {
    this.clear();
    this.output.write(text);
  }

  /** How the run ended; nothing is drawn after it. `explained`: an error is told by whoever asked for the run. */
  end(record: RunRecord, explained = false): void {
    this.clear();
    this.record = undefined;
    const failed = explained && record.end?.reason === 'error';
    const text = failed ? l10n.t('Failed after {0} steps.', record.progress.step) : ending(record);
    this.output.write(`${this.label}${text}\n`);
  }

  private epoch(point: Point): void {
    const epochs = this.record?.config?.epochs;
    const width = String(epochs ?? 0).length;
    const number = `${String(Math.round(point.epoch)).padStart(width)}${epochs === undefined ? '' : `/${String(epochs)}`}`;
    const { own, reference } = separated(point.values);
    this.print(l10n.t('epoch {0}  {1}  {2}', number, formatMetrics(own), formatSeconds(point.time)));
    const label = this.record?.config?.reference?.label;
    if (label !== undefined && reference !== undefined) this.print(`  ${label}: ${formatMetrics(reference)}`);
  }

  private draw(): void {
    const now = Date.now();
    if (this.output.isTTY !== true || this.record === undefined || now - this.drawnAt < REDRAW_MS) return;
    const { progress, state, latest } = this.record;
    if (progress.totalSteps === 0 || (state !== 'training' && state !== 'paused')) return;
    this.drawnAt = now;
    // Points may come before the record that counts them.
    const ahead = this.lastPoint !== undefined && this.lastPoint.step > progress.step ? this.lastPoint : undefined;
    const step = ahead?.step ?? progress.step;
    const left = ahead === undefined ? progress.secondsLeft : secondsLeft(ahead, progress.totalSteps);
    const within = progress.stepsPerEpoch === 0 ? 0 : ((step - 1) % progress.stepsPerEpoch) + 1;
    const parts = [
      l10n.t('epoch {0}', Math.max(1, Math.ceil(step / Math.max(1, progress.stepsPerEpoch)))),
      `${bar(step / progress.totalSteps, BAR_WIDTH)} ${String(within)}/${String(progress.stepsPerEpoch)}`,
      state === 'paused' ? l10n.t('paused') : formatTimeLeft(left),
      formatMetrics(separated(trainOnly(this.lastPoint?.values ?? latest)).own, ' '),
    ];
    this.live(parts.filter((part) => part !== '').join(' · '));
  }

  private live(text: string): void {
    this.lineIsLive = true;
    drawLive(this.output, this.label + text);
  }

  private clear(): void {
    if (this.lineIsLive) clearLive(this.output);
    this.lineIsLive = false;
    this.drawnAt = 0;
  }
}

/** The figures of the model that is compared with, by the names that its own have. */
function separated(values: Metrics): { own: Metrics; reference?: Metrics } {
  const own: Record<string, number> = {};
  const others: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    const { metric, validation, reference } = seriesParts(name);
    (reference ? others : own)[validation ? validationName(metric) : metric] = value;
  }
  return Object.keys(others).length === 0 ? { own } : { own, reference: others };
}

/** What a step measures too. */
function trainOnly(values: Metrics): Metrics {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !seriesParts(name).validation));
}

/** One sentence. */
export function ending(record: RunRecord): string {
  const seconds = formatSeconds(record.progress.seconds);
  const { own, reference } = separated(record.latest);
  const label = record.config?.reference?.label;
  const figures =
    formatMetrics(own) +
    (label === undefined || reference === undefined || record.referenceEnd !== undefined
      ? ''
      : `; ${label}: ${formatMetrics(reference)}`);
  switch (record.end?.reason) {
    case 'completed':
      return l10n.t('Finished in {0}: {1}', seconds, figures);
    case 'targetReached':
      return l10n.t('Finished in {0}, the target is reached: {1}', seconds, figures);
    case 'noImprovement':
      return l10n.t('Finished in {0}, val_loss no longer falls: {1}', seconds, figures);
    case 'stoppedByUser':
      return l10n.t('Stopped after {0} steps and {1}: {2}', record.progress.step, seconds, figures);
    case 'killed':
      return l10n.t('Stopped by force after {0} steps and {1}: {2}', record.progress.step, seconds, figures);
    case 'abandoned':
      return l10n.t('Stopped when nobody was there any more, after {0} steps', record.progress.step);
    case 'trainerDied':
      return l10n.t('Interrupted after {0} steps: the trainer ended by itself', record.progress.step);
    case 'error':
      return l10n.t('Failed after {0} steps: {1}', record.progress.step, record.end.error?.message ?? '');
    case undefined:
      return l10n.t('Not ended');
  }
}

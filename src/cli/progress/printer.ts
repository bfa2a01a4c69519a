/** Shows one run in a terminal: a line an epoch, and on a terminal a live line with a bar below them. */
import * as l10n from '@vscode/l10n';
import { seriesParts, validationName, type Metrics, type Point, type RunRecord } from '../../protocol/run';
import { clearLive, drawLive, type Output } from '../../setup/terminal';
import { metricsText } from '../../words/metrics';
import { count } from '../../words/numbers';
import { plain } from '../../words/plain';
import { endSentence, stateText } from '../../words/runs';
import { duration, timeLeft } from '../../words/times';
import { bar, secondsLeft } from './format';

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
          count(config.parameters),
          count(config.data.train),
          count(config.data.test),
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
    this.output.write(`${plain(this.label + text)}\n`);
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
    this.output.write(`${plain(this.label + ending(record, explained))}\n`);
  }

  private epoch(point: Point): void {
    const epochs = this.record?.config?.epochs;
    const width = String(epochs ?? 0).length;
    const number = `${String(Math.round(point.epoch)).padStart(width)}${epochs === undefined ? '' : `/${String(epochs)}`}`;
    const { own, reference } = separated(point.values);
    this.print(l10n.t('epoch {0}  {1}  {2}', number, metricsText(own), duration(point.time)));
    const label = this.record?.config?.reference?.label;
    if (label !== undefined && reference !== undefined) this.print(`  ${label}: ${metricsText(reference)}`);
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
    const left = ahead === undefined ? progress.secondsLeft : secondsLeft(ahead, progress);
    const within = progress.stepsPerEpoch === 0 ? 0 : ((step - 1) % progress.stepsPerEpoch) + 1;
    const parts = [
      l10n.t('epoch {0}', Math.max(1, Math.ceil(step / Math.max(1, progress.stepsPerEpoch)))),
      `${bar(step / progress.totalSteps, BAR_WIDTH)} ${String(within)}/${String(progress.stepsPerEpoch)}`,
      state === 'paused' ? stateText(state) : left === null ? '' : timeLeft(left),
      metricsText(separated(trainOnly(this.lastPoint?.values ?? latest)).own, ' '),
    ];
    this.live(parts.filter((part) => part !== '').join(' · '));
  }

  private live(text: string): void {
    this.lineIsLive = true;
    drawLive(this.output, plain(this.label + text).replaceAll('\n', ' '));
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

/** How the run ended, and what it reached or what went wrong. */
export function ending(record: RunRecord, explained = false): string {
  if (record.end === undefined) return l10n.t('Not ended');
  const sentence = endSentence(record);
  const { error } = record.end;
  if (error !== undefined) return explained ? sentence : `${sentence} ${error.message}`;
  const { own, reference } = separated(record.latest);
  const label = record.config?.reference?.label;
  const others =
    label === undefined || reference === undefined || record.referenceEnd !== undefined
      ? ''
      : `; ${label}: ${metricsText(reference)}`;
  return `${sentence} ${metricsText(own)}${others}`.trimEnd();
}

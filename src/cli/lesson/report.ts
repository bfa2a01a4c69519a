/** The two ways `npm run lesson` tells what happens: for people, and as one JSON object a line. */
import type { LabErrorData } from '../../protocol/errors';
import type { ModelSizes, Picture } from '../../protocol/pictures';
import { seriesParts, type Point, type RunRecord } from '../../protocol/run';
import { epochs, examples } from '../../words/counts';
import { count, figure, powerOfTen } from '../../words/numbers';
import { exponentText } from '../../words/pictures/modelSizes';
import { secondsLeft } from '../progress/format';
import { RunPrinter } from '../progress/printer';
import type { Output } from '../../setup/terminal';
import * as l10n from '@vscode/l10n';

export interface LessonReport {
  record(record: RunRecord): void;
  points(points: readonly Point[]): void;
  activity(text: string, fraction: number | null): void;
  /** Pictures are for the panel; studies by number of examples and by size are told as they grow. */
  picture(picture: Picture): void;
  output(stream: 'stdout' | 'stderr', text: string): void;
  /** Something to say between two lines. */
  notice(text: string): void;
  /** The last thing said; for a failed run too. */
  summary(record: RunRecord, runFolder: string): void;
}

export class TextReport implements LessonReport {
  private readonly printer: RunPrinter;
  constructor(private readonly out: Output) {
    this.printer = new RunPrinter(out);
  }
  record(record: RunRecord): void {
    this.printer.update(record);
  }
  points(points: readonly Point[]): void {
    this.printer.points(points);
  }
  activity(text: string, fraction: number | null): void {
    this.printer.activity(text, fraction);
  }
  picture(picture: Picture): void {
    if (picture.kind === 'modelSizes') this.printer.print(modelSizeText(picture));
    if (picture.kind !== 'sizeStudy') return;
    const { rows, metric, label, referenceLabel } = picture;
    const row = rows.at(-1);
    if (row === undefined) return;
    this.printer.print(
      l10n.t(
        '{0}, {1}: {2}  {3} {4}  {5} {6}',
        examples(row.examples),
        epochs(row.epochs),
        metric,
        label,
        figure(row.value),
        referenceLabel,
        figure(row.reference),
      ),
    );
  }
  output(_stream: 'stdout' | 'stderr', text: string): void {
    this.printer.write(text);
  }
  notice(text: string): void {
    this.printer.print(text);
  }
  summary(record: RunRecord, runFolder: string): void {
    this.printer.end(record, true);
    this.out.write(`${l10n.t('Run: {0}', runFolder)}\n`);
  }
}

/** The newest of the sizes, and with the last ones what they come to. */
function modelSizeText({ rows, laws }: ModelSizes): string {
  const row = rows.at(-1);
  if (row === undefined) return '';
  const text = l10n.t(
    '{0}: {1} parameters, {2} operations, val_loss {3}',
    row.label,
    count(row.parameters),
    powerOfTen(row.flops),
    figure(row.value),
  );
  if (laws.parameters === undefined || laws.flops === undefined) return text;
  const [byParameters, byFlops] = [exponentText(laws.parameters.exponent), exponentText(laws.flops.exponent)];
  return `${text}; ${l10n.t('loss ~ parameters^−{0} ~ operations^−{1}', byParameters, byFlops)}`;
}

export class JsonReport implements LessonReport {
  private current: RunRecord | undefined;
  constructor(
    private readonly out: Output,
    /** For all that is not a line of JSON. */
    private readonly other: Output,
  ) {}
  record(record: RunRecord): void {
    this.current = record;
  }
  points(points: readonly Point[]): void {
    for (const point of points) {
      if (point.kind !== 'epoch') continue;
      this.line({
        type: 'epoch',
        epoch: Math.round(point.epoch),
        epochs: this.current?.config?.epochs ?? null,
        step: point.step,
        seconds: point.time,
        // The record's own figure is of its last step that was told; this one is of the epoch's end.
        secondsLeft: this.current === undefined ? null : secondsLeft(point, this.current.progress),
        learningRate: point.learningRate,
        ...point.values,
      });
    }
  }
  activity(): void {
    // nobody watches
  }
  picture(picture: Picture): void {
    if (picture.kind === 'modelSizes') {
      const { curve, ...row } = picture.rows.at(-1) ?? { curve: [] };
      this.line({ type: 'modelSize', ...row, curve, laws: picture.laws });
    }
    if (picture.kind !== 'sizeStudy') return;
    this.line({ type: 'size', metric: picture.metric, ...picture.rows.at(-1) });
  }
  output(_stream: 'stdout' | 'stderr', text: string): void {
    this.other.write(text);
  }
  notice(text: string): void {
    this.other.write(`${text}\n`);
  }
  summary(record: RunRecord, runFolder: string): void {
    if (record.end?.error !== undefined && record.end.reason !== 'killed') return; // an error line is the last then
    const { progress, latest, environment, execution } = record;
    this.line({
      type: 'summary',
      lesson: record.lesson ?? null,
      engine: environment.engine?.kind ?? null,
      engineVersion: environment.engine?.version ?? null,
      execution: execution?.mode ?? null,
      epochs: progress.stepsPerEpoch === 0 ? 0 : Math.floor(progress.step / progress.stepsPerEpoch),
      steps: progress.step,
      seconds: progress.seconds,
      loss: latest['loss'] ?? null,
      accuracy: latest['accuracy'] ?? null,
      val_loss: latest['val_loss'] ?? null,
      val_accuracy: latest['val_accuracy'] ?? null,
      ...Object.fromEntries(Object.entries(latest).filter(([name]) => seriesParts(name).reference)),
      runFolder,
      state: record.state,
      end: record.end?.reason ?? null,
    });
  }
  error(error: LabErrorData): void {
    this.line({ type: 'error', ...error });
  }
  private line(value: object): void {
    this.out.write(`${JSON.stringify(value)}\n`);
  }
}

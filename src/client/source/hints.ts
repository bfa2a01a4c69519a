/** What stands beside the text: the shape and size of each layer, of the data, of the whole model. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import type { LayerInstance, ModelInspection } from '../../protocol/modelInspection';
import { callAt, type Analysis, type Call } from './analysis';
import type { Span } from './moves';
import { shapesText } from '../../words/shapes';

export interface Hint {
  /** The text that it describes: when that changes, it is no longer true. */
  readonly span: Span;
  /** Where it is shown, an offset behind the span or in its line. */
  readonly at: number;
  readonly label: string;
  /** One line each: all that the label leaves out. */
  readonly details: readonly string[];
}

/** More shapes than this in a label are counted. */
const MOST_SHAPES = 3;

/**
 * @param text What was inspected, and `analysis` its analysis.
 * @param file The model file; layers made in other files are not beside this text.
 * @param locale For figures.
 */
export function hintsOf(
  text: string,
  analysis: Analysis,
  inspection: ModelInspection,
  file: string,
  locale: string,
): Hint[] {
  return [
    ...layerHints(text, analysis, inspection, file, locale),
    ...dataHint(text, analysis, inspection, locale),
    ...totalHint(text, analysis, inspection, locale),
  ];
}

function layerHints(
  text: string,
  analysis: Analysis,
  { layers }: ModelInspection,
  file: string,
  locale: string,
): Hint[] {
  const outermost = layers.findLast(({ isModel }) => isModel);
  const byCall = new Map<Call, LayerInstance[]>();
  for (const layer of layers) {
    if (layer === outermost || layer.outputShapes.length === 0) continue;
    const { file: madeIn, line, column } = layer.location;
    const call = path.relative(madeIn, file) === '' ? callAt(analysis, line, column) : undefined;
    if (call !== undefined) byCall.set(call, [...(byCall.get(call) ?? []), layer]);
  }
  return [...byCall].map(([call, instances]) => ({
    span: spanOf(call),
    at: endOfLineOrCall(text, call),
    label: label(instances, locale),
    details: instances.map((layer) => detail(layer, locale)),
  }));
}

function label(instances: readonly LayerInstance[], locale: string): string {
  const counted = new Map<string, number>();
  for (const layer of instances) {
    const one = labelOfOne(layer, locale);
    counted.set(one, (counted.get(one) ?? 0) + 1);
  }
  const different = [...counted].map(([one, times]) => (times === 1 ? one : `${one} ×${times}`));
  if (different.length <= MOST_SHAPES) return different.join(' ; ');
  const rest = different.length - MOST_SHAPES;
  return `${different.slice(0, MOST_SHAPES).join(' ; ')} ; ${l10n.t('{0} more', rest)}`;
}

function labelOfOne({ outputShapes, parameters = 0 }: LayerInstance, locale: string): string {
  const shapes = [...new Set(outputShapes.map(shapeText))].join(' ; ');
  return parameters === 0 ? shapes : `${shapes} · ${parameters.toLocaleString(locale)}`;
}

function detail(
  { name, type, outputShapes, parameters = 0, trainable, calledFrom }: LayerInstance,
  locale: string,
): string {
  const from = calledFrom[0];
  const parts = [
    `${type} ${name}`,
    outputShapes.map(shapeText).join(', '),
    parameters === 1 ? l10n.t('1 parameter') : l10n.t('{0} parameters', parameters.toLocaleString(locale)),
    ...(trainable || parameters === 0 ? [] : [l10n.t('frozen')]),
    ...(from === undefined ? [] : [l10n.t('made by line {0}', from.line)]),
  ];
  return parts.join(' · ');
}

function dataHint(text: string, analysis: Analysis, { data }: ModelInspection, locale: string): Hint[] {
  const call = data && dataCall(analysis);
  if (data === undefined || call === undefined) return [];
  const { name, train, test, classes } = data;
  const shape = shapesText(data);
  const sizes = l10n.t('{0} train, {1} test', train.toLocaleString(locale), test.toLocaleString(locale));
  const kinds = classes === 0 ? l10n.t('numbers as targets') : l10n.t('{0} classes', classes);
  return [
    {
      span: spanOf(call),
      at: endOfLineOrCall(text, call),
      label: `${shape} · ${sizes}`,
      details: [[name, shape, sizes, kinds].join(' · ')],
    },
  ];
}

/** The call that makes the experiment's data, directly or in a constant. */
function dataCall({ experiment, datasetCalls, declarations }: Analysis): Call | undefined {
  const value = experiment?.fields.find(({ name }) => name === 'data');
  const constant = declarations.find(({ name }) => name === (value === undefined ? 'data' : value.value));
  const around = constant?.bodyRange ?? value?.valueRange;
  const inside = datasetCalls.filter(
    ({ range }) =>
      around !== undefined && range.start.offset >= around.start.offset && range.end.offset <= around.end.offset,
  );
  return inside[0] ?? (datasetCalls.length === 1 ? datasetCalls[0] : undefined);
}

function totalHint(text: string, { experiment }: Analysis, inspection: ModelInspection, locale: string): Hint[] {
  const { parameters } = inspection;
  if (parameters === undefined || experiment === undefined) return [];
  const { total, trainable } = parameters;
  const figure = total.toLocaleString(locale);
  const frozen = total - trainable;
  return [
    {
      span: spanOf(experiment),
      at: endOfLine(text, experiment.argumentsRange.start.offset),
      label: total === 1 ? l10n.t('1 parameter') : l10n.t('{0} parameters', figure),
      details: [
        frozen === 0
          ? l10n.t('All {0} parameters are trained.', figure)
          : l10n.t('{0} of {1} parameters are trained.', trainable.toLocaleString(locale), figure),
        ...(inspection.optimizer === undefined
          ? []
          : [[inspection.optimizer.name, inspection.optimizer.learningRate ?? []].flat().join(' · ')]),
      ],
    },
  ];
}

function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? 'null').join(', ')}]`;
}

const spanOf = ({ range }: Call): Span => ({ start: range.start.offset, end: range.end.offset });

/** Behind the comma, where nothing else follows in the line; else directly behind the call. */
function endOfLineOrCall(text: string, { range }: Call): number {
  const end = range.end.offset;
  const rest = text.slice(end, endOfLine(text, end));
  return /^[,;)\]}]*\s*(?:\/\/.*)?$/.test(rest) ? end + (/^[,;)\]}]*/.exec(rest)?.[0].length ?? 0) : end;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  const last = end === -1 ? text.length : end;
  return text[last - 1] === '\r' ? last - 1 : last;
}

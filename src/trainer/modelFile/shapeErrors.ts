import * as l10n from '@vscode/l10n';
import path from 'node:path';
import type { LabErrorData, SourceLocation } from '../../protocol/errors';
import type { Fix } from '../../protocol/fix';
import type { Failure, LayerPlace, LayerPlaces } from './layerPlaces';

/** A shape error, and where to look: the layer's own line, when one is known. */
export type ShapeError = LabErrorData & { readonly at: readonly SourceLocation[] };

interface Reading {
  readonly expected?: string;
  readonly found?: string;
  readonly layer?: string;
  readonly remedy?: string;
  readonly fixes?: readonly Fix[];
}

/** How tfjs 4 words its shape errors, and what they mean. The first that matches is taken. */
const WORDINGS: readonly { readonly pattern: RegExp; readonly read: (match: readonly string[]) => Reading }[] = [
  {
    pattern: /^Input \d+ is incompatible with layer (\S+?)\s*:\s*expected (min_|max_)?ndim=(\d+), found ndim=(\d+)/,
    read: ([, layer = '', bound = '', expected = '', found = '']) => ({
      layer,
      expected: dimensions(bound, expected),
      found: l10n.t('{0} dimensions', found),
    }),
  },
  {
    pattern:
      /^Input \d+ is incompatible with layer (\S+?)\s*:\s*expected axis (-?\d+) of input shape to have value (\d+) but got shape (.+?)\.?$/,
    read: ([, layer = '', axis = '', value = '', shape = '']) => ({
      layer,
      expected: l10n.t('{0} on axis {1}', value, axis),
      found: brackets(shape),
    }),
  },
  {
    pattern: /^Input \d+ is incompatible with layer (\S+?)\s*:\s*expected (.+), found (.+?)\.?$/,
    read: ([, layer = '', expected = '', found = '']) => ({ layer, expected, found }),
  },
  {
    pattern: /^Layer (\S+) expects (\d+) inputs, but it received (\d+) input tensors/,
    read: ([, layer = '', expected = '', found = '']) => ({
      layer,
      expected: l10n.t('{0} inputs', expected),
      found: l10n.t('{0} inputs', found),
    }),
  },
  {
    pattern: /expected (\S+) to have (?:shape |)(.+?)(?:,| but got)(?: but)?(?: got)? array with shape (.+?)\.?$/,
    read: ([, layer = '', expected = '', found = '']) => ({
      layer,
      expected: brackets(expected),
      found: brackets(found),
    }),
  },
  {
    pattern: /inner shapes \((\d+)\) and \((\d+)\) of Tensors with shapes ([\d,]+) and ([\d,]+)/,
    read: ([, left = '', right = '', a = '', b = '']) => ({
      expected: l10n.t('equal inner sizes in the product of {0} and {1}', brackets(a), brackets(b)),
      found: l10n.t('{0} and {1}', left, right),
    }),
  },
  {
    pattern: /Operands could not be broadcast together with shapes (.+?) and (.+?)\.?$/,
    read: ([, a = '', b = '']) => ({
      expected: l10n.t('shapes that are equal, or 1, on every axis from the last'),
      found: l10n.t('{0} and {1}', brackets(a), brackets(b)),
    }),
  },
  {
    pattern: /Matrix size-incompatible: In\[0\]: \[([\d,]+)\], In\[1\]: \[([\d,]+)\]/,
    read: ([, a = '', b = '']) => ({
      expected: l10n.t('equal inner sizes in a product of matrices'),
      found: l10n.t('{0} and {1}', brackets(a), brackets(b)),
    }),
  },
  {
    pattern: /Incompatible shapes: \[([\d,]*)\] vs\. \[([\d,]*)\]/,
    read: ([, a = '', b = '']) => ({
      expected: l10n.t('shapes that are equal, or 1, on every axis from the last'),
      found: l10n.t('{0} and {1}', brackets(a), brackets(b)),
    }),
  },
  {
    pattern: /Input to reshape is a tensor with (\d+) values, but the requested shape has (\d+)/,
    read: ([, size = '', requested = '']) => ({
      expected: l10n.t('a shape of {0} elements', size),
      found: l10n.t('{0} elements', requested),
    }),
  },
  {
    pattern: /^Total size of new array must be unchanged/,
    read: () => ({ expected: l10n.t('a shape with as many elements as the input') }),
  },
  {
    pattern: /depth of input \((\d+)\) must match input depth for filter (\d+)/,
    read: ([, found = '', expected = '']) => ({
      expected: l10n.t('{0} input channels', expected),
      found: l10n.t('{0} channels', found),
    }),
  },
  {
    pattern: /Size\s?\((\d+)\) must match the product of shape (.+?)\.?$/,
    read: ([, size = '', shape = '']) => ({
      expected: l10n.t('a shape of {0} elements', size),
      found: brackets(shape),
    }),
  },
  {
    pattern: /Negative dimension size caused by adding layer (\S+) with input shape \[(.+?)\]/,
    read: ([, layer = '', shape = '']) => ({
      layer,
      expected: l10n.t('an input at least as large as the window'),
      found: brackets(shape),
      remedy: l10n.t("Use fewer or smaller windows, or padding: 'same'."),
    }),
  },
  {
    pattern: /first layer in a Sequential model must get an `inputShape`/,
    read: () => ({
      expected: l10n.t('inputShape at the first layer'),
      found: l10n.t('none'),
      remedy: l10n.t("Give the first layer the inputShape that 'model' receives."),
      fixes: [{ kind: 'argument', name: 'inputShape', variable: 'inputShape', value: 'inputShape' }],
    }),
  },
];

/** Words that only shape errors of tfjs have. */
const ABOUT_SHAPES = /\bshapes?\b|\brank\b|\bn?dim(?:ension)?s?\b|\bbroadcast|\b\d-?D\b/i;

/** An error of tfjs in the lab's words; undefined when it is not about shapes. */
export function asShapeError(error: Error, layers: LayerPlaces): ShapeError | undefined {
  const failure = layers.failureOf(error);
  const reading = read(error.message);
  if (reading === undefined && !ABOUT_SHAPES.test(error.message)) return undefined;

  const place =
    (reading?.layer === undefined ? undefined : placeOf(reading.layer, layers)) ?? failedPlace(failure, layers);
  const reached = failure === undefined ? undefined : inWords(failure, layers);
  const found = [reading?.found, reached].filter((text) => text !== undefined && text !== '').join('; ');
  const subject = place?.name ?? failure?.layer.name ?? reading?.layer;
  return {
    code: 'MODEL_SHAPE',
    message: sentence(subject, reading?.expected, found, withoutPreamble(error.message)),
    ...(reading?.expected === undefined ? {} : { expected: reading.expected }),
    ...(found === '' ? {} : { found }),
    remedy:
      reading?.remedy ??
      l10n.t('Compare the shape that arrives with the one that is needed, and change the one or the other.'),
    ...(reading?.fixes === undefined ? {} : { fixes: reading.fixes }),
    at: place?.trace ?? [],
  };
}

/** tfjs names the input that it makes for a first layer after that layer: "dense_Dense1_input". */
function placeOf(name: string, layers: LayerPlaces): LayerPlace | undefined {
  return layers.named(name) ?? layers.named(name.replace(/_input$/, ''));
}

function failedPlace(failure: Failure | undefined, layers: LayerPlaces): LayerPlace | undefined {
  return failure === undefined ? undefined : layers.of(failure.layer);
}

/** What the native engine puts before TensorFlow's own message. */
function withoutPreamble(message: string): string {
  return message.replace(/^Invalid TF_Status: \d+\s+Message: /, '');
}

function read(message: string): Reading | undefined {
  for (const { pattern, read: reading } of WORDINGS) {
    const match = pattern.exec(message);
    if (match !== null) return reading(match);
  }
  return undefined;
}

function sentence(layer: string | undefined, expected: string | undefined, found: string, original: string): string {
  if (expected === undefined || found === '') {
    return layer === undefined
      ? l10n.t('Shapes do not fit: {0}', original)
      : l10n.t('Shapes do not fit at layer {0}: {1}', layer, original);
  }
  return layer === undefined
    ? l10n.t('Shapes do not fit: expected {0}, found {1}.', expected, found)
    : l10n.t('Shapes do not fit at layer {0}: expected {1}, found {2}.', layer, expected, found);
}

/** The shapes that reached the layer, and which line made them. */
function inWords({ inputs }: Failure, layers: LayerPlaces): string {
  return inputs
    .map(({ shape, from }) => {
      const made = `[${shape.map((size) => size ?? 'null').join(', ')}]`;
      const place = from === undefined ? undefined : layers.of(from)?.location;
      if (from === undefined || place === undefined) return made;
      return l10n.t('{0} from {1} ({2}:{3})', made, from.name, path.basename(place.file), place.line);
    })
    .join(', ');
}

function dimensions(bound: string, count: string): string {
  if (bound === 'min_') return l10n.t('at least {0} dimensions, the batch included', count);
  if (bound === 'max_') return l10n.t('at most {0} dimensions, the batch included', count);
  return l10n.t('{0} dimensions, the batch included', count);
}

/** tfjs prints [null, 28, 28] as ",28,28". */
function brackets(shape: string): string {
  const sizes = shape.replace(/^\[|\]$/g, '').split(',');
  return `[${sizes.map((size) => (size.trim() === '' ? 'null' : size.trim())).join(', ')}]`;
}

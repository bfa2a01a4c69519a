/** What a picture must be, kind by kind. */
import * as v from 'valibot';
import { count, flag, list, number, object, optional, perhapsNaN, text, type Schema } from '../files/schema';
import type { Attention, Conversation, DecidingWords, SampledText, WordEmbedding } from '../protocol/textPictures';
import type {
  ConfusionMatrix,
  DecisionBoundary,
  DropoutMasks,
  MaskedLayer,
  ModelSizes,
  Picture,
  PicturedExample,
  SizeStudy,
  TensorSample,
  Walkthrough,
  WalkNode,
  WalkStops,
  WorstMistakes,
} from '../protocol/pictures';

const common = { step: count, epoch: number, summary: text };
const range = v.tuple([number, number]);
const maybe = v.nullable(number);
const channels = v.picklist([1, 3]);

const example = object<PicturedExample>()({
  index: count,
  label: perhapsNaN,
  predicted: maybe,
  image: optional(v.looseObject({ width: count, height: count, channels, pixels: text })),
});

const sample = object<TensorSample>()({ min: maybe, max: maybe, mean: maybe, strip: text, picked: list(maybe) });

const node = object<WalkNode>()({
  id: count,
  kind: v.picklist(['input', 'target', 'parameter', 'constant', 'operation']),
  role: optional(v.picklist(['output', 'loss'])),
  symbol: v.looseObject({ base: text, sub: optional(text) }),
  operation: optional(
    v.looseObject({
      kernel: text,
      inputs: list(count),
      attributes: v.record(text, v.union([perhapsNaN, flag, text, list(perhapsNaN)])),
    }),
  ),
  shape: list(count),
  picked: list(count),
  value: sample,
  gradient: optional(sample),
  own: optional(v.looseObject({ gradient: sample, difference: maybe })),
});

const stop = v.variant('reason', [
  v.looseObject({ reason: v.literal('thrown'), message: text }),
  v.looseObject({ reason: v.literal('noOutput') }),
]);

const layer = object<MaskedLayer>()({
  name: text,
  units: count,
  masks: list(v.pipe(text, v.regex(/^[01]*$/))),
  dropped: perhapsNaN,
  scale: perhapsNaN,
  passes: count,
  means: optional(v.looseObject({ training: perhapsNaN, test: perhapsNaN })),
  activations: list(v.looseObject({ unit: count, training: perhapsNaN, test: perhapsNaN })),
});

const law = v.looseObject({ exponent: number, factor: number });

export const pictureSchema: Schema<Picture> = v.variant('kind', [
  object<DecisionBoundary>()({
    ...common,
    kind: v.literal('decisionBoundary'),
    size: count,
    xRange: range,
    yRange: range,
    classes: list(text),
    probabilities: text,
    points: list(v.looseObject({ x: number, y: number, label: number })),
  }),
  object<ConfusionMatrix>()({
    ...common,
    kind: v.literal('confusionMatrix'),
    classes: list(text),
    counts: list(list(count)),
  }),
  object<WorstMistakes>()({
    ...common,
    kind: v.literal('worstMistakes'),
    classes: list(text),
    width: count,
    height: count,
    channels,
    count,
    items: list(v.looseObject({ index: count, label: count, predicted: count, confidence: perhapsNaN, pixels: text })),
  }),
  object<Walkthrough>()({
    ...common,
    kind: v.literal('walkthrough'),
    classes: list(text),
    example,
    nodes: list(node),
    connected: flag,
    stops: object<WalkStops>()({
      forward: optional(stop),
      backward: optional(stop),
      gradients: optional(stop),
      tooLong: optional(count),
    }),
  }),
  object<DropoutMasks>()({
    ...common,
    kind: v.literal('dropoutMasks'),
    classes: list(text),
    example,
    layers: list(layer),
  }),
  object<SizeStudy>()({
    ...common,
    kind: v.literal('sizeStudy'),
    metric: v.picklist(['val_accuracy', 'val_loss']),
    label: text,
    referenceLabel: text,
    rows: list(v.looseObject({ examples: count, epochs: count, value: maybe, reference: maybe })),
  }),
  object<ModelSizes>()({
    ...common,
    kind: v.literal('modelSizes'),
    rows: list(
      v.looseObject({
        label: text,
        parameters: count,
        flops: number,
        seconds: number,
        value: maybe,
        curve: list(v.looseObject({ flops: number, value: number })),
      }),
    ),
    laws: v.looseObject({ parameters: optional(law), flops: optional(law) }),
    published: optional(list(v.looseObject({ source: text, parameters: number, flops: number }))),
  }),
  object<SampledText>()({
    ...common,
    kind: v.literal('sampledText'),
    settings: v.looseObject({ prompt: text, temperature: number, topK: count, topP: number }),
    text,
    prompt: v.looseObject({ tokens: count, seen: count }),
    vocabulary: count,
    next: list(v.looseObject({ token: text, probability: perhapsNaN, chance: perhapsNaN })),
  }),
  object<DecidingWords>()({
    ...common,
    kind: v.literal('decidingWords'),
    classes: list(text),
    texts: list(
      v.looseObject({
        index: count,
        label: count,
        predicted: count,
        loss: perhapsNaN,
        words: list(v.looseObject({ token: text, lossWithout: perhapsNaN, attention: optional(perhapsNaN) })),
      }),
    ),
  }),
  object<WordEmbedding>()({
    ...common,
    kind: v.literal('wordEmbedding'),
    classes: list(text),
    table: v.looseObject({ name: text, width: count }),
    word: text,
    neighbours: list(v.looseObject({ token: text, cosine: perhapsNaN, before: optional(perhapsNaN) })),
    explained: perhapsNaN,
    map: list(
      v.looseObject({
        token: text,
        x: perhapsNaN,
        y: perhapsNaN,
        says: optional(v.looseObject({ class: count, probability: perhapsNaN })),
      }),
    ),
  }),
  object<Attention>()({
    ...common,
    kind: v.literal('attention'),
    tokens: list(text),
    layers: list(v.looseObject({ heads: count, weights: text })),
    more: optional(count),
  }),
  object<Conversation>()({
    ...common,
    kind: v.literal('conversation'),
    model: text,
    system: text,
    isTrained: flag,
    isAnswering: flag,
    turns: list(
      v.looseObject({
        said: text,
        answers: list(
          v.looseObject({
            by: v.picklist(['before', 'trained']),
            step: count,
            text,
            tokens: count,
            end: optional(v.picklist(['ended', 'stopped', 'full', 'failed'])),
            message: optional(text),
          }),
        ),
      }),
    ),
  }),
]);

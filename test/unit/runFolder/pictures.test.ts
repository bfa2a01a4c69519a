import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Picture, TensorSample } from '../../../src/protocol/pictures';
import { pictureFile } from '../../../src/runFolder/layout';
import { readPictures } from '../../../src/runFolder/pictures';
import { HandMadeRun } from './support';

const moment = { step: 3, epoch: 0.5, summary: 's' };
const image = { width: 1, height: 1, channels: 1, pixels: 'AA==' } as const;
const example = { index: 0, label: 1, predicted: null, image };
const sample: TensorSample = { min: null, max: 1, mean: 0.5, strip: 'AAAAAA==', picked: [1, null] };

/** One of each kind, with all that may be there. */
const PICTURES: readonly Picture[] = [
  {
    ...moment,
    kind: 'decisionBoundary',
    size: 1,
    xRange: [-1, 1],
    yRange: [-2, 2],
    classes: ['a'],
    probabilities: '/w==',
    points: [{ x: 0.5, y: -1, label: 0 }],
  },
  {
    ...moment,
    kind: 'confusionMatrix',
    classes: ['a', 'b'],
    counts: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    ...moment,
    ...{ kind: 'worstMistakes', classes: ['a'], width: 1, height: 1, channels: 3, count: 1 },
    items: [{ index: 0, label: 0, predicted: 0, confidence: 0.5, pixels: 'AAAA' }],
  },
  {
    ...moment,
    kind: 'walkthrough',
    classes: ['a'],
    example,
    nodes: [
      {
        id: 0,
        kind: 'operation',
        role: 'loss',
        symbol: { base: 'z', sub: '1' },
        operation: { kernel: 'MatMul', inputs: [1], attributes: { a: 1, b: true, c: 'd', e: [1, 2] } },
        shape: [1, 2],
        picked: [0, 1],
        value: sample,
        gradient: sample,
        own: { gradient: sample, difference: null },
      },
    ],
    connected: true,
    stops: { forward: { reason: 'thrown', message: 'm' }, backward: { reason: 'noOutput' }, tooLong: 9 },
  },
  {
    ...moment,
    kind: 'dropoutMasks',
    classes: [],
    example,
    layers: [
      {
        ...{ name: 'd', units: 2, masks: ['01'], dropped: 0.5, scale: 2, passes: 1 },
        means: { training: 1, test: 1 },
        activations: [{ unit: 0, training: 1, test: 1 }],
      },
    ],
  },
  {
    ...moment,
    ...{ kind: 'sizeStudy', metric: 'val_loss', label: 'a', referenceLabel: 'b' },
    rows: [{ examples: 8, epochs: 2, value: null, reference: 1 }],
  },
  {
    ...moment,
    kind: 'modelSizes',
    rows: [{ label: 'a', parameters: 8, flops: 1e9, seconds: 2, value: null, curve: [{ flops: 1e8, value: 3 }] }],
    laws: { parameters: { exponent: 0.1, factor: 3 } },
    published: [{ source: 'b', parameters: 0.076, flops: 0.05 }],
  },
  {
    ...moment,
    kind: 'sampledText',
    settings: { prompt: 'a', temperature: 0.8, topK: 5, topP: 1 },
    text: 'b',
    prompt: { tokens: 1, seen: 1 },
    vocabulary: 5,
    next: [{ token: 'b', probability: 0.5, chance: 1 }],
  },
  {
    ...moment,
    kind: 'decidingWords',
    classes: ['a', 'b'],
    texts: [{ index: 0, label: 1, predicted: 0, loss: 2, words: [{ token: 'w', lossWithout: 1, attention: 0.5 }] }],
  },
  {
    ...moment,
    ...{ kind: 'conversation', model: 'm', system: 's', isTrained: true, isAnswering: false },
    turns: [{ said: 'a', answers: [{ by: 'trained', step: 1, text: 'b', tokens: 1, end: 'failed', message: 'c' }] }],
  },
  {
    ...moment,
    kind: 'wordEmbedding',
    classes: ['a', 'b'],
    table: { name: 'words', width: 2 },
    word: 'w',
    neighbours: [{ token: 'v', cosine: 0.5, before: 0.1 }],
    explained: 0.5,
    map: [{ token: 'w', x: 1, y: -1, says: { class: 1, probability: 0.5 } }],
  },
  { ...moment, kind: 'attention', tokens: ['a'], layers: [{ heads: 1, weights: '/w==' }] },
];

/** Copies of a value with one thing in it, at any depth, replaced by what belongs nowhere. */
function* damagedOnce(value: unknown, path = ''): Generator<{ readonly path: string; readonly damaged: unknown }> {
  // All that stops and laws may have may be absent, and attributes have any names.
  if (path !== '' && path !== '.stops' && path !== '.laws' && !path.endsWith('.attributes'))
    yield { path, damaged: { odd: true } };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value))
    for (const inner of damagedOnce(part, `${path}.${key}`)) {
      const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
      Reflect.set(copy as object, key, inner.damaged);
      yield { path: inner.path, damaged: copy };
    }
}

describe('the pictures of a run', () => {
  let run: HandMadeRun;
  beforeEach(() => (run = new HandMadeRun()));
  afterEach(() => {
    run.dispose();
  });

  for (const picture of PICTURES) {
    const { kind } = picture;
    it(`of the kind ${kind} are read as they were, and left out when anything in them is not what it should be`, async () => {
      const file = pictureFile(run.folder, kind);
      fs.writeFileSync(file, JSON.stringify(picture));
      assert.deepEqual(await readPictures(run.folder), [picture]);
      let places = 0;
      for (const { path, damaged } of damagedOnce(picture)) {
        places++;
        fs.writeFileSync(file, JSON.stringify(damaged));
        assert.deepEqual(await readPictures(run.folder), [], path);
      }
      assert.ok(places >= Object.keys(picture).length - 1);
    });
  }
});

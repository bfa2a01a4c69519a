import assert from 'node:assert/strict';
import type { WalkNode } from '../../../src/protocol/pictures';
import { blend } from '../../../webview/kit/pictures/boundary/blend';
import { whyText } from '../../../webview/kit/pictures/masks/masksText';
import { matrixFacts } from '../../../webview/kit/pictures/matrix/matrixFacts';
import { toRgba } from '../../../webview/kit/pictures/pixels';
import { coloursText, diverging } from '../../../webview/kit/pictures/walkthrough/stripColours';
import { pickedText, stepSentence } from '../../../webview/kit/pictures/walkthrough/walkSteps';
import { contrast, mix, over, readable, toCss } from '../../../webview/kit/theme/color';
import type { Theme } from '../../../webview/kit/theme/theme';

const BLACK = { r: 0, g: 0, b: 0, a: 1 };
const WHITE = { r: 255, g: 255, b: 255, a: 1 };
const RED = { r: 255, g: 0, b: 0, a: 1 };
const BLUE = { r: 0, g: 0, b: 255, a: 1 };

describe('colours', () => {
  it('contrast as WCAG says', () => {
    assert.equal(contrast(BLACK, WHITE), 21);
    assert.equal(contrast(RED, RED), 1);
    // https://webaim.org/resources/contrastchecker gives 4.54 for #767676 on white.
    assert.equal(Number(contrast({ r: 0x76, g: 0x76, b: 0x76, a: 1 }, WHITE).toFixed(2)), 4.54);
  });

  it('are moved only as far as they must to be seen', () => {
    const pale = { r: 0xff, g: 0xe6, b: 0x80, a: 1 };
    const seen = readable(pale, WHITE, BLACK, 3);
    assert.ok(contrast(seen, WHITE) >= 3 && contrast(seen, WHITE) < 4);
    assert.ok(seen.r > seen.b);
    assert.deepEqual(readable(BLUE, WHITE, BLACK, 3), BLUE);
  });

  it('lie over one another', () => {
    assert.deepEqual(over({ ...WHITE, a: 0.5 }, BLACK), { r: 127.5, g: 127.5, b: 127.5, a: 1 });
    assert.equal(toCss(mix(RED, BLUE, 0.5)), 'rgb(128, 0, 128)');
  });
});

describe('the decision boundary', () => {
  // Two by two points, two classes: the lower row is certain of red, the upper left of blue, the upper right of nothing.
  const probabilities = Uint8Array.of(255, 0, 255, 0, 0, 255, 128, 128);

  it('has the lowest y at the bottom, and the background where the model does not know', () => {
    const pixels = blend(probabilities, 2, [RED, BLUE], BLACK);
    const at = (row: number, column: number): number[] => [
      ...pixels.subarray((row * 2 + column) * 4, (row * 2 + column) * 4 + 4),
    ];
    assert.deepEqual(at(1, 0), [140, 0, 0, 255]);
    assert.deepEqual(at(1, 1), [140, 0, 0, 255]);
    assert.deepEqual(at(0, 0), [0, 0, 140, 255]);
    assert.deepEqual(at(0, 1), [0, 0, 0, 255]);
  });

  it('refuses a grid of another size', () => {
    assert.throws(() => blend(probabilities, 3, [RED, BLUE], BLACK), /8 probabilities, expected 3 · 3 · 2/);
  });
});

describe('the confusion matrix', () => {
  it('gives recall by row and precision by column', () => {
    const { recall, precision, share } = matrixFacts([
      [8, 2, 0],
      [4, 6, 0],
      [0, 0, 0],
    ]);
    assert.deepEqual(recall, [0.8, 0.6, NaN]);
    assert.deepEqual(precision, [8 / 12, 6 / 8, NaN]);
    assert.deepEqual(share[0], [0.8, 0.2, 0]);
    assert.deepEqual(share[2], [0, 0, 0]);
  });
});

describe('the words on dropout', () => {
  const layer = { name: '', masks: [], activations: [], units: 16, passes: 64 };
  const isKept = (dropped: number, scale: number): boolean =>
    whyText([{ ...layer, dropped, scale }]).includes('the expectation is kept');

  it('find the expectation kept where the share that was dropped is off by chance', () => {
    // 1,024 draws with the rate 0.9: a standard deviation of the share is 0.0094, a tenth of what is kept.
    for (const dropped of [0.885, 0.9, 0.915]) assert.ok(isKept(dropped, 10), String(dropped));
  });

  it('find a scaling that is missing or wrong', () => {
    assert.ok(!isKept(0.9, 1));
    assert.ok(!isKept(0.5, 1));
    assert.ok(!isKept(0.5, 0.5));
    assert.ok(!isKept(0.2, 1));
  });
});

describe('the words on the numbers of a step', () => {
  const sample = (most: number) => ({ min: 0, max: most, mean: 0, strip: '', picked: [0] });
  const node = { picked: [0], value: sample(1) } as unknown as WalkNode;
  const own = { gradient: sample(1), difference: null };

  it('name what the trainer picked the elements by', () => {
    assert.match(pickedText(node), /largest magnitude/);
    assert.match(pickedText({ ...node, gradient: sample(1) }), /largest gradients/);
    assert.match(pickedText({ ...node, gradient: sample(0) }), /largest magnitude/);
    // Where TensorFlow's gradient is zero everywhere, the learner's decides.
    assert.match(pickedText({ ...node, gradient: sample(0), own }), /largest gradients/);
  });

  it('call a gradient of the learner alone a gradient, as the picture does', () => {
    const parameter = { ...node, kind: 'parameter', symbol: { base: 'w' }, shape: [1], own } as unknown as WalkNode;
    assert.match(
      stepSentence({ direction: 'backward', node: parameter }, [parameter]),
      /^Backward: ∂L\/∂w, shape \[1\]/,
    );
  });
});

describe('pictures of mistakes', () => {
  it('turn grey and RGB bytes into RGBA', () => {
    assert.deepEqual([...toRgba(Uint8Array.of(9, 200), 2, 1, 1)], [9, 9, 9, 255, 200, 200, 200, 255]);
    assert.deepEqual([...toRgba(Uint8Array.of(1, 2, 3), 1, 1, 3)], [1, 2, 3, 255]);
  });

  it('refuse pixels of another size', () => {
    assert.throws(() => toRgba(new Uint8Array(5), 2, 1, 3), /5 bytes of pixels, expected 1 · 2 · 3/);
  });
});

describe('the cells of a tensor', () => {
  const theme = { series: [BLUE, RED], background: BLACK, foreground: WHITE } as unknown as Theme;

  it('run from one hue over the background to the other; what is no number stands out', () => {
    assert.deepEqual(
      [-1, 0, 1, NaN, Infinity].map((value) => diverging(value, theme)),
      [RED, BLACK, BLUE, WHITE, WHITE],
    );
  });

  it('are called zero only when they are', () => {
    assert.equal(coloursText(Float32Array.of(0, -0), 0, 2), 'all elements; all zero');
    assert.equal(coloursText(Float32Array.of(1, -2), 2, 9), '2 of 9 elements; colours from −2.000 over 0 to 2.000');
    assert.match(coloursText(Float32Array.of(0, NaN), 0, 2), /not all of them finite/);
  });
});

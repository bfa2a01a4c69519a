/** Pictures computed from a trained network, as the trainer sends them. */
import type { ConfusionMatrix, DecisionBoundary, WorstMistakes } from '../../../src/protocol/pictures';
import type { Examples, Network } from './training';

export const CLOTHES: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

export function boundary(network: Network, test: Examples, classes: readonly string[]): DecisionBoundary {
  const size = 64;
  const range = [-1.3, 1.3] as const;
  const bytes = new Uint8Array(size * size * classes.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = (i: number): number => range[0] + ((i + 0.5) / size) * (range[1] - range[0]);
      const p = network.probabilities(Float64Array.of(at(column), at(row)));
      p.forEach((value, k) => (bytes[(row * size + column) * classes.length + k] = Math.round(value * 255)));
    }
  }
  const { accuracy } = network.evaluate(test);
  return {
    kind: 'decisionBoundary',
    step: 0,
    epoch: 0,
    size,
    xRange: range,
    yRange: range,
    classes,
    probabilities: Buffer.from(bytes).toString('base64'),
    points: test.x.map((x, index) => ({ x: x[0]!, y: x[1]!, label: test.y[index]! })),
    summary: `The model separates the ${classes.length} classes; ${(accuracy * 100).toFixed(1)} % of the test points lie in the area of their own class.`,
  };
}

export function confusion(network: Network, test: Examples): ConfusionMatrix {
  const counts = CLOTHES.map(() => CLOTHES.map(() => 0));
  test.x.forEach((x, index) => {
    const p = network.probabilities(x);
    counts[test.y[index]!]![p.indexOf(Math.max(...p))]!++;
  });
  const right = counts.reduce((sum, row, index) => sum + row[index]!, 0);
  const worst = counts
    .flatMap((row, label) => row.map((count, predicted) => ({ label, predicted, count })))
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => b.count - a.count)[0]!;
  return {
    kind: 'confusionMatrix',
    step: 0,
    epoch: 0,
    classes: CLOTHES,
    counts,
    summary: `${right} of ${test.x.length} test images are right. The most frequent mistake: ${CLOTHES[worst.label]!} taken for ${CLOTHES[worst.predicted]!}, ${worst.count} times.`,
  };
}

export function mistakes(network: Network, test: Examples, most = 12): WorstMistakes {
  const items = test.x
    .map((x, index) => {
      const p = network.probabilities(x);
      const predicted = p.indexOf(Math.max(...p));
      const pixels = Buffer.from(x.map((value) => Math.round(value * 255))).toString('base64');
      return { index, label: test.y[index]!, predicted, confidence: p[predicted]!, pixels };
    })
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, most);
  return {
    kind: 'worstMistakes',
    step: 0,
    epoch: 0,
    classes: CLOTHES,
    width: 28,
    height: 28,
    channels: 1,
    count: items.length,
    items,
    summary: `The ${items.length} mistakes the model was surest of.`,
  };
}

import { tf } from 'deep-learning-lab';
import { exercise, expectClose, fail } from 'deep-learning-lab/grading';
import { smallBase } from '../reference';

type ReplaceHead = (model: tf.LayersModel, classes: number) => tf.LayersModel;

function answerOf(learner: ReplaceHead, base: tf.LayersModel, classes: number): tf.LayersModel {
  const answer: unknown = learner(base, classes);
  if (answer instanceof tf.LayersModel) return answer;
  fail({ expected: 'tf.LayersModel', found: typeof answer, input: `classes = ${String(classes)}` });
}

/** Layers that take part, without the input layer that every functional model has. */
const working = (model: tf.LayersModel): tf.layers.Layer[] =>
  model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');

export default exercise<ReplaceHead>({
  kind: 'function',
  checks: {
    shape: ({ learner }) => {
      for (const classes of [3, 7]) {
        const base = smallBase();
        const answer = answerOf(learner, base, classes);
        const found = answer.outputs[0].shape;
        if (found.length === 2 && found[1] === classes) continue;
        const text = (shape: readonly (number | null)[]): string => `[${shape.map(String).join(', ')}]`;
        const mistakes = answer === base ? { mistake: 'oldHead' } : found[1] === 5 ? { mistake: 'fixedClasses' } : {};
        const input = `classes = ${String(classes)}`;
        fail({ ...mistakes, expected: text([null, classes]), found: text(found), input });
      }
      return undefined;
    },
    body: ({ learner }) => {
      const base = smallBase();
      const body = base.layers.slice(0, -1);
      const layers = working(answerOf(learner, base, 7));
      const names = (list: readonly tf.layers.Layer[]): string => list.map(({ name }) => name).join(', ') || '–';
      const expected = `${names(body)} + 1`;
      const found = names(layers);
      if (layers.length === base.layers.length && layers.every((layer) => base.layers.includes(layer))) {
        fail({ mistake: 'oldHead', expected, found });
      }
      if (layers.includes(base.layers[base.layers.length - 1])) fail({ mistake: 'onTop', expected, found });
      const shared = body.filter((layer) => layers.includes(layer)).length;
      if (shared === 0) fail({ mistake: 'copied', expected, found });
      if (shared < body.length) fail({ mistake: 'cutTooEarly', expected, found });
      return undefined;
    },
    // What the new head answers, computed from the features by hand: features · kernel + bias.
    logits: ({ learner }) => {
      const base = smallBase();
      const features = tf.model({ inputs: base.inputs, outputs: base.layers[base.layers.length - 2].output });
      const answer = answerOf(learner, base, 7);
      const x = tf.randomNormal([4, 8, 8, 1]);
      const own = answer.layers[answer.layers.length - 1].getWeights();
      const made = features.predict(x) as tf.Tensor;
      const shapes = own.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
      const expected = `[${String(made.shape[1])}, 7], [7]`;
      if (shapes !== expected) fail({ expected, found: shapes === '' ? '–' : shapes });
      const [kernel, bias] = own;
      const logits = tf.add(tf.matMul(made, kernel), bias);
      expectClose(answer.predict(x), logits, {
        input: 'x [4, 8, 8, 1], classes = 7',
        mistakes: { softmax: () => tf.softmax(logits), activated: () => tf.relu(logits) },
      });
      return undefined;
    },
  },
});

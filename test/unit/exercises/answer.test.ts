import assert from 'node:assert/strict';
import { answerHash, answerHashes, answerIn, apply, replaceAnswer } from '../../../src/client/exercises/answer';
import { solutionOf, stubOf } from '../../../src/client/exercises/given';
import { exercisesOf, lessons } from './samples';

const TEXT = `import { tf } from 'deep-learning-lab';

// 1. before
export function one(x: tf.Tensor): tf.Tensor {
  return x; // {
}

// 2. the rate
export const rate = 0;

export const two = (x: number) => x + 1;
`;

describe('the answer of an exercise', () => {
  it('is its declaration, without the comment above it', () => {
    assert.equal(answerIn(TEXT, 'rate'), 'export const rate = 0;');
    assert.match(answerIn(TEXT, 'one') ?? '', /^export function one[\s\S]*}$/);
    assert.equal(answerIn(TEXT, 'three'), undefined);
  });

  it('is replaced, and nothing else', () => {
    const edited = apply(TEXT, replaceAnswer(TEXT, 'rate', 'export const rate = 0.5;'));
    assert.equal(edited, TEXT.replace('rate = 0;', 'rate = 0.5;'));
    assert.equal(apply(edited, replaceAnswer(edited, 'rate', 'export const rate = 0;')), TEXT);
  });

  it('is put at the end where it was deleted', () => {
    const without = TEXT.replace('export const rate = 0;\n', '');
    const edited = apply(without, replaceAnswer(without, 'rate', 'export const rate = 0;'));
    assert.ok(edited.startsWith(without));
    assert.equal(answerIn(edited, 'rate'), 'export const rate = 0;');
  });

  it('is found in code that is being typed', () => {
    const half = TEXT.replace('return x; // {', 'return tf.mul(x,');
    assert.equal(answerIn(half, 'rate'), 'export const rate = 0;');
  });

  it('has a hash that blanks at line ends do not change', () => {
    assert.equal(answerHash('a\nb'), answerHash('a  \nb\t'));
    assert.equal(answerHash('a\nb'), answerHash('a \r\nb'));
    assert.notEqual(answerHash('a\nb'), answerHash('a\nc'));
  });

  it('has the hash that a verdict of it has, whatever stands around it', () => {
    const names = ['one', 'rate', 'three'];
    const hashes = answerHashes(TEXT, names);
    for (const name of ['one', 'rate']) assert.equal(hashes.get(name), answerHash(answerIn(TEXT, name)!));
    assert.equal(hashes.get('three'), undefined);
    assert.deepEqual(answerHashes(`// above\n${TEXT}\n// below\n`, names), hashes);
    const other = answerHashes(TEXT.replace('rate = 0', 'rate = 1'), names);
    assert.equal(other.get('one'), hashes.get('one'));
    assert.notEqual(other.get('rate'), hashes.get('rate'));
  });

  it('of every lesson can be reset and solved: stub and solution are there and differ', async () => {
    for (const lesson of lessons) {
      for (const exercise of await exercisesOf(lesson)) {
        const stub = await stubOf(lesson, exercise);
        const solution = await solutionOf(exercise);
        assert.notEqual(stub, solution);
        const isModel = exercise.home === 'model';
        for (const answer of [stub, solution]) assert.equal(answer.startsWith('export '), isModel, exercise.id);
      }
    }
  });
});

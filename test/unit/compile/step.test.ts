/** `step.number`: the same in eager, recorded and compiled steps, in evaluation, and in a run that goes on. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { resolveLoss } from '../../../src/lab/resolve';
import { step } from '../../../src/lab/step';
import { Executor } from '../../../src/learning/training/executor';
import { FunctionalLearner } from '../../../src/learning/training/functionalLearner';
import { scoped } from '../../../src/learning/training/scope';
import { LabError } from '../../../src/protocol/errors';
import { SOLE } from '../../../src/lab/fields';
import { objectiveOf } from '../../../src/learning/training/objective';
import { useEngine } from '../lab/tensorflow';

describe('step.number', () => {
  before(useEngine);

  function numbers(
    compile: boolean,
    first: number,
    count: number,
  ): { steps: number[]; evaluated: number; mode: string } {
    const optimizer = tf.train.sgd(0.1);
    const loss = resolveLoss('meanSquaredError');
    const metrics = [{ name: 'step', compute: () => step.number }];
    const objective = objectiveOf([{ name: SOLE, loss, weight: 1, metrics }]);
    const forward = ({ w }: Record<string, tf.Tensor>, x: tf.Tensor): tf.Tensor => tf.mul(x, w!);
    const learner = scoped(() => new FunctionalLearner({ forward }, { w: tf.scalar(1) }, objective, optimizer));
    let mode = '';
    const executor = new Executor(learner, optimizer, { seed: 1, compile }, ({ kind }) => (mode = kind));
    const before = tf.memory().numTensors;
    const [x, y] = [tf.ones([2, 1]), tf.zeros([2, 1])];
    const steps = Array.from({ length: count }, (_, i) => executor.step({ x, y }, first + i).values['step']!);
    const evaluated = executor.evaluate({ x, y }).values()['step']!;
    tf.dispose([x, y]);
    assert.equal(tf.memory().numTensors, before, 'tensors are left behind');
    executor.dispose();
    learner.dispose();
    return { steps, evaluated, mode };
  }

  for (const compile of [false, true])
    it(`counts the steps done before, ${compile ? 'compiled' : 'eager'}, and those done so far in an evaluation`, () => {
      const { steps, evaluated, mode } = numbers(compile, 1, 8);
      assert.deepEqual(steps, [0, 1, 2, 3, 4, 5, 6, 7]);
      assert.equal(evaluated, 8);
      assert.equal(mode, compile ? 'compiled' : 'eager');
    });

  it('counts on in a resumed run', () => {
    assert.deepEqual(numbers(true, 41, 6).steps, [40, 41, 42, 43, 44, 45]);
  });

  it('is an error of its own where nothing is trained', () => {
    assert.throws(
      () => step.number,
      (error) => error instanceof LabError && error.code === 'STEP_OUTSIDE' && error.data.remedy !== undefined,
    );
  });
});

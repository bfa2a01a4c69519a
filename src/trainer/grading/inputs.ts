/** What a check gives to a learner's function has to be there afterwards: the check goes on with it. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { fail } from '../../lab/grading/failure';
import { isTensor, shape } from '../../lab/grading/format';

/** The function; where it frees a tensor that it was given, the check fails with that instead of stumbling over it. */
export function keepingInputs(learner: unknown): unknown {
  if (typeof learner !== 'function') return learner;
  return function (this: unknown, ...args: unknown[]): unknown {
    const given = args.map(tensorsIn);
    const result: unknown = Reflect.apply(learner, this, args);
    const at = given.findIndex((tensors) => tensors.some(({ isDisposed }) => isDisposed));
    if (at < 0) return result;
    const freed = given[at]?.find(({ isDisposed }) => isDisposed);
    fail({
      message: l10n.t(
        'The function frees a tensor that it was given: "dispose" only what it has made itself, or leave it to the lab.',
      ),
      expected: l10n.t('the input as it was'),
      found: l10n.t('a disposed tensor'),
      input: l10n.t('argument {0}, shape {1}', at + 1, shape(freed?.shape ?? [])),
    });
  };
}

/** The living tensors of an argument: itself, or those in a list, an object or a model. */
function tensorsIn(value: unknown): tf.Tensor[] {
  if (isTensor(value)) return value.isDisposed ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (value instanceof tf.LayersModel) return value.weights.flatMap((weight) => tensorsIn(weight.read()));
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.values(value).flatMap(tensorsIn) : [];
}

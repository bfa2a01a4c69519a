/**
 * The seven optimizers of tfjs as one pass over each variable, with tfjs's own arithmetic, computed in float64 and rounded
 * once. Values are written to new memory: tensors never change, and others may share the old one.
 */
import * as tf from '@tensorflow/tfjs';
import {
  isOwn,
  slotOf,
  type Adadelta,
  type Adagrad,
  type Adam,
  type Adamax,
  type Momentum,
  type RmsProp,
} from '../optimizers';

type Values = Float32Array;

export interface Update {
  /** The variables that are kept beside the `slot`-th that the optimizer was given. */
  readonly beside: (slot: number) => readonly tf.Variable[];
  /** Scalars that are kept once. */
  readonly shared: readonly tf.Variable[];
  /**
   * One variable: from `value` and what is beside it to `next` and what will be.
   * @param shared The scalars before the step
   */
  readonly apply: (
    gradient: Values,
    value: Values,
    next: Values,
    beside: readonly Values[],
    nextBeside: readonly Values[],
    rate: number,
    shared: readonly number[],
  ) => void;
  /** The scalars after it. */
  readonly finish: (shared: readonly number[]) => readonly number[];
}

const alone = { shared: [], finish: (): readonly number[] => [] };

const at = (values: Values | undefined, i: number): number => values?.[i] ?? 0;

function sgd(): Update {
  return {
    ...alone,
    beside: () => [],
    apply: (gradient, value, next, _beside, _nextBeside, rate) => {
      for (let i = 0; i < next.length; i++) next[i] = at(value, i) - rate * at(gradient, i);
    },
  };
}

function momentum({ m, useNesterov, accumulations }: Momentum): Update {
  // The tensor, not the number beside it, is what tfjs computes with.
  const [factor = 0] = m.dataSync();
  return {
    ...alone,
    beside: (slot) => [slotOf(accumulations, slot)],
    apply: (gradient, value, next, [sum], [nextSum], rate) => {
      if (nextSum === undefined) return;
      for (let i = 0; i < next.length; i++) {
        const g = at(gradient, i);
        const total = factor * at(sum, i) + g;
        nextSum[i] = total;
        next[i] = at(value, i) - rate * (useNesterov ? g + total * factor : total);
      }
    },
  };
}

function adam({ beta1, beta2, epsilon, ...own }: Adam): Update {
  return {
    beside: (slot) => [slotOf(own.accumulatedFirstMoment, slot), slotOf(own.accumulatedSecondMoment, slot)],
    shared: [own.accBeta1, own.accBeta2],
    apply: (gradient, value, next, [first, second], [nextFirst, nextSecond], rate, [power1 = 0, power2 = 0]) => {
      if (nextFirst === undefined || nextSecond === undefined) return;
      const scale = rate / (1 - power1);
      for (let i = 0; i < next.length; i++) {
        const g = at(gradient, i);
        const m = at(first, i) * beta1 + g * (1 - beta1);
        const v = at(second, i) * beta2 + g * g * (1 - beta2);
        nextFirst[i] = m;
        nextSecond[i] = v;
        next[i] = at(value, i) - (scale * m) / (Math.sqrt(v / (1 - power2)) + epsilon);
      }
    },
    finish: ([power1 = 0, power2 = 0]) => [power1 * beta1, power2 * beta2],
  };
}

function adamax({ beta1, beta2, epsilon, decay, ...own }: Adamax): Update {
  return {
    beside: (slot) => [slotOf(own.accumulatedFirstMoment, slot), slotOf(own.accumulatedWeightedInfNorm, slot)],
    shared: [own.accBeta1, own.iteration],
    apply: (gradient, value, next, [first, norm], [nextFirst, nextNorm], rate, [power = 0, iteration = 0]) => {
      if (nextFirst === undefined || nextNorm === undefined) return;
      const scale = rate / (iteration * decay + 1) / (1 - power);
      for (let i = 0; i < next.length; i++) {
        const g = at(gradient, i);
        const m = at(first, i) * beta1 + g * (1 - beta1);
        const u = Math.max(at(norm, i) * beta2, Math.abs(g));
        nextFirst[i] = m;
        nextNorm[i] = u;
        next[i] = at(value, i) - (scale * m) / (u + epsilon);
      }
    },
    finish: ([power = 0, iteration = 0]) => [power * beta1, iteration + 1],
  };
}

function rmsprop({ decay, momentum: factor, epsilon, centered, ...own }: RmsProp): Update {
  return {
    ...alone,
    beside: (slot) => [
      slotOf(own.accumulatedMeanSquares, slot),
      slotOf(own.accumulatedMoments, slot),
      ...(centered ? [slotOf(own.accumulatedMeanGrads, slot)] : []),
    ],
    apply: (gradient, value, next, [square, moment, mean], [nextSquare, nextMoment, nextMean], rate) => {
      if (nextSquare === undefined || nextMoment === undefined) return;
      for (let i = 0; i < next.length; i++) {
        const g = at(gradient, i);
        const s = at(square, i) * decay + g * g * (1 - decay);
        let spread = s + epsilon;
        if (nextMean !== undefined) {
          const average = at(mean, i) * decay + g * (1 - decay);
          nextMean[i] = average;
          spread = s - (average * average + epsilon);
        }
        const change = at(moment, i) * factor + (g * rate) / Math.sqrt(spread);
        nextSquare[i] = s;
        nextMoment[i] = change;
        next[i] = at(value, i) - change;
      }
    },
  };
}

function adagrad({ accumulatedGrads }: Adagrad): Update {
  const epsilon = tf.backend().epsilon();
  return {
    ...alone,
    beside: (slot) => [slotOf(accumulatedGrads, slot)],
    apply: (gradient, value, next, [sum], [nextSum], rate) => {
      if (nextSum === undefined) return;
      for (let i = 0; i < next.length; i++) {
        const g = at(gradient, i);
        const total = at(sum, i) + g * g;
        nextSum[i] = total;
        next[i] = at(value, i) - (rate * g) / Math.sqrt(total + epsilon);
      }
    },
  };
}

function adadelta({ rho, epsilon, accumulatedGrads, accumulatedUpdates }: Adadelta): Update {
  return {
    ...alone,
    beside: (slot) => [slotOf(accumulatedGrads, slot), slotOf(accumulatedUpdates, slot)],
    apply: (gradient, value, next, [squares, updates], [nextSquares, nextUpdates], rate) => {
      if (nextSquares === undefined || nextUpdates === undefined) return;
      for (let i = 0; i < next.length; i++) {
        const g = at(gradient, i);
        const change = (Math.sqrt(at(updates, i) + epsilon) / Math.sqrt(at(squares, i) + epsilon)) * g;
        nextSquares[i] = at(squares, i) * rho + g * g * (1 - rho);
        nextUpdates[i] = at(updates, i) * rho + change * change * (1 - rho);
        next[i] = at(value, i) - rate * change;
      }
    },
  };
}

const UPDATES: Readonly<Record<string, (optimizer: never) => Update>> = {
  SGD: sgd,
  Momentum: momentum,
  Adam: adam,
  Adamax: adamax,
  RMSProp: rmsprop,
  Adagrad: adagrad,
  Adadelta: adadelta,
};

/** This optimizer's update. Made anew for each program: it holds the optimizer's numbers. */
export function updateOf(optimizer: tf.Optimizer): Update {
  const make = isOwn(optimizer) ? UPDATES[optimizer.getClassName()] : undefined;
  if (make === undefined) throw new Error(`No update is known for the optimizer ${optimizer.getClassName()}.`);
  return make(optimizer as never);
}

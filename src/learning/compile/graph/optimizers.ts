/**
 * The seven optimizers of tfjs as graph updates, with tfjs's own arithmetic and the learning rate as an input.
 *
 * Where TensorFlow has a fused kernel that computes the same, it is used: one node instead of a dozen, in place. What
 * differs between the two is made equal through the kernel's inputs:
 *  - Adam: tfjs adds epsilon to sqrt(v / (1 - β2ᵗ)); the kernel to sqrt(v). It is given ε·sqrt(1 - β2ᵗ).
 *  - centred RMSProp: tfjs computes sqrt(ms - (mg² + ε)), the kernel sqrt(ms - mg² + ε). It is given -ε.
 * Adagrad (ε under the root) and Adadelta (the old average in the denominator) have no kernel that computes what tfjs
 * does; they are plain nodes.
 */
import * as tf from '@tensorflow/tfjs';
import { attribute, type Edge, type Graph } from './graph';
import { DataType } from '../../engine/tfjs';
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
import type { Message } from './protobuf';

/** What an update can do with the variables of the graph it is emitted into. */
export interface UpdateContext {
  readonly graph: Graph;
  /** Learning rate, float32, shape []. */
  readonly learningRate: Edge;
  readonly read: (variable: tf.Variable) => Edge;
  readonly assign: (variable: tf.Variable, value: Edge) => void;
  /** A node that changes several variables in place: their handles come first, then `inputs`. */
  readonly apply: (
    op: string,
    variables: readonly tf.Variable[],
    inputs: readonly Edge[],
    attributes?: Readonly<Record<string, Message>>,
  ) => void;
}

/** Emits the update of one variable, the `slot`-th that the optimizer was given. */
type Update = (context: UpdateContext, variable: tf.Variable, gradient: Edge, slot: number) => void;

export interface OptimizerEmitter {
  readonly update: Update;
  /** Once, after all variables. */
  readonly finish?: (context: UpdateContext) => void;
}

const FLOAT = { T: attribute.type(DataType.float32) };

const minus = (graph: Graph, value: number, edge: Edge): Edge => graph.binary('Sub', graph.scalar(value), edge);

function sgd(): OptimizerEmitter {
  return {
    update: ({ apply, learningRate }, variable, gradient) => {
      apply('ResourceApplyGradientDescent', [variable], [learningRate, gradient], FLOAT);
    },
  };
}

function momentum(optimizer: Momentum): OptimizerEmitter {
  // The tensor, not the number beside it, is what tfjs computes with.
  const [rate = 0] = optimizer.m.dataSync();
  return {
    update: ({ graph, apply, learningRate }, variable, gradient, slot) => {
      apply(
        'ResourceApplyMomentum',
        [variable, slotOf(optimizer.accumulations, slot)],
        [learningRate, gradient, graph.scalar(rate)],
        { ...FLOAT, use_nesterov: attribute.bool(optimizer.useNesterov) },
      );
    },
  };
}

function adam(optimizer: Adam): OptimizerEmitter {
  let epsilon: Edge | undefined;
  return {
    update: (context, variable, gradient, slot) => {
      const { graph } = context;
      const beta1Power = context.read(optimizer.accBeta1);
      const beta2Power = context.read(optimizer.accBeta2);
      epsilon ??= graph.binary(
        'Mul',
        graph.unary('Sqrt', minus(graph, 1, beta2Power)),
        graph.scalar(optimizer.epsilon),
      );
      context.apply(
        'ResourceApplyAdam',
        [variable, slotOf(optimizer.accumulatedFirstMoment, slot), slotOf(optimizer.accumulatedSecondMoment, slot)],
        [
          beta1Power,
          beta2Power,
          context.learningRate,
          graph.scalar(optimizer.beta1),
          graph.scalar(optimizer.beta2),
          epsilon,
          gradient,
        ],
        FLOAT,
      );
    },
    finish: (context) => {
      multiply(context, optimizer.accBeta1, optimizer.beta1);
      multiply(context, optimizer.accBeta2, optimizer.beta2);
    },
  };
}

function adamax(optimizer: Adamax): OptimizerEmitter {
  let rate: Edge | undefined;
  return {
    update: (context, variable, gradient, slot) => {
      const { graph } = context;
      rate ??=
        optimizer.decay === 0
          ? context.learningRate
          : graph.binary(
              'RealDiv',
              context.learningRate,
              graph.binary(
                'AddV2',
                graph.binary('Mul', context.read(optimizer.iteration), graph.scalar(optimizer.decay)),
                graph.scalar(1),
              ),
            );
      context.apply(
        'ResourceApplyAdaMax',
        [variable, slotOf(optimizer.accumulatedFirstMoment, slot), slotOf(optimizer.accumulatedWeightedInfNorm, slot)],
        [
          context.read(optimizer.accBeta1),
          rate,
          graph.scalar(optimizer.beta1),
          graph.scalar(optimizer.beta2),
          graph.scalar(optimizer.epsilon),
          gradient,
        ],
        FLOAT,
      );
    },
    finish: (context) => {
      const { graph } = context;
      context.assign(optimizer.iteration, graph.binary('AddV2', context.read(optimizer.iteration), graph.scalar(1)));
      multiply(context, optimizer.accBeta1, optimizer.beta1);
    },
  };
}

function multiply(context: UpdateContext, variable: tf.Variable, factor: number): void {
  const { graph } = context;
  context.assign(variable, graph.binary('Mul', context.read(variable), graph.scalar(factor)));
}

function rmsprop(optimizer: RmsProp): OptimizerEmitter {
  return {
    update: ({ graph, apply, learningRate }, variable, gradient, slot) => {
      const slots = [slotOf(optimizer.accumulatedMeanSquares, slot), slotOf(optimizer.accumulatedMoments, slot)];
      const rates = [learningRate, graph.scalar(optimizer.decay), graph.scalar(optimizer.momentum)];
      if (optimizer.centered) {
        const averages = [slotOf(optimizer.accumulatedMeanGrads, slot), ...slots];
        const inputs = [...rates, graph.scalar(-optimizer.epsilon), gradient];
        apply('ResourceApplyCenteredRMSProp', [variable, ...averages], inputs, FLOAT);
      } else {
        const inputs = [...rates, graph.scalar(optimizer.epsilon), gradient];
        apply('ResourceApplyRMSProp', [variable, ...slots], inputs, FLOAT);
      }
    },
  };
}

function adagrad(optimizer: Adagrad): OptimizerEmitter {
  const epsilon = tf.backend().epsilon();
  return {
    update: (context, variable, gradient, slot) => {
      const { graph, learningRate } = context;
      const sum = slotOf(optimizer.accumulatedGrads, slot);
      const newSum = graph.binary('AddV2', context.read(sum), graph.unary('Square', gradient));
      const root = graph.unary('Sqrt', graph.binary('AddV2', newSum, graph.scalar(epsilon)));
      context.assign(sum, newSum);
      context.apply(
        'ResourceApplyGradientDescent',
        [variable],
        [learningRate, graph.binary('RealDiv', gradient, root)],
        FLOAT,
      );
    },
  };
}

function adadelta(optimizer: Adadelta): OptimizerEmitter {
  return {
    update: (context, variable, gradient, slot) => {
      const { graph, learningRate } = context;
      const gradients = slotOf(optimizer.accumulatedGrads, slot);
      const updates = slotOf(optimizer.accumulatedUpdates, slot);
      const epsilon = graph.scalar(optimizer.epsilon);
      const average = (old: Edge, value: Edge): Edge =>
        graph.binary(
          'AddV2',
          graph.binary('Mul', old, graph.scalar(optimizer.rho)),
          graph.binary('Mul', graph.unary('Square', value), graph.scalar(1 - optimizer.rho)),
        );
      const root = (value: Edge): Edge => graph.unary('Sqrt', graph.binary('AddV2', value, epsilon));
      const oldGradients = context.read(gradients);
      const oldUpdates = context.read(updates);
      const step = graph.binary('Mul', graph.binary('RealDiv', root(oldUpdates), root(oldGradients)), gradient);
      context.assign(gradients, average(oldGradients, gradient));
      context.assign(updates, average(oldUpdates, step));
      context.apply('ResourceApplyGradientDescent', [variable], [learningRate, step], FLOAT);
    },
  };
}

const EMITTERS: Readonly<Record<string, (optimizer: never) => OptimizerEmitter>> = {
  SGD: sgd,
  Momentum: momentum,
  Adam: adam,
  Adamax: adamax,
  RMSProp: rmsprop,
  Adagrad: adagrad,
  Adadelta: adadelta,
};

/** How to write this optimizer's update as a graph. Read anew for each graph: it holds the optimizer's numbers. */
export function emitterFor(optimizer: tf.Optimizer): OptimizerEmitter {
  const emitter = isOwn(optimizer) ? EMITTERS[optimizer.getClassName()] : undefined;
  if (emitter === undefined) throw new Error(`No graph is known for the optimizer ${optimizer.getClassName()}.`);
  return emitter(optimizer as never);
}

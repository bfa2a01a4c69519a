/**
 * Optimizers with what Keras' have and tfjs' lack: schedules, weight decay, clipping, accumulation of gradients.
 *
 *   optimizer: optimizers.adamw({ learningRate: schedules.cosineDecay({ learningRate: 1e-3, decaySteps: 2000 }), globalClipNorm: 1 })
 *
 * Each gives what an experiment wants: a function that makes a fresh optimizer. The updates themselves are those of tfjs;
 * Adam's is that of PyTorch, too (epsilon is added to the corrected root).
 */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { checkInteger, checkKnown, checkNumber, checkObject, invalid } from '../check';
import { asSchedule } from '../schedules';
import { isPlateau, type Schedule, type StepSchedule } from '../schedules/schedule';
import { withRules, type UpdateRules } from './rules';

export interface OptimizerOptions {
  /** A number, a schedule, or a pure function of the number of updates done, from 0. */
  readonly learningRate?: number | Schedule | StepSchedule['at'];
  /** At each update every weight also shrinks by learningRate · weightDecay of itself (Loshchilov and Hutter 2019). */
  readonly weightDecay?: number;
  /** Parts of names: weights that have one do not shrink, e.g. ['bias', 'norm']. */
  readonly excludeFromWeightDecay?: readonly string[];
  /** A gradient whose L2 norm is larger is scaled down to it, each parameter's for itself. */
  readonly clipNorm?: number;
  /** Each element of a gradient is held between -clipValue and clipValue. */
  readonly clipValue?: number;
  /** All gradients together are scaled down to this L2 norm (Pascanu et al. 2013). */
  readonly globalClipNorm?: number;
  /** The mean gradient of so many batches makes one update. Default 1. */
  readonly gradientAccumulationSteps?: number;
}

export interface SgdOptions extends OptimizerOptions {
  /** Default 0. */
  readonly momentum?: number;
  /** Default false. */
  readonly nesterov?: boolean;
}

export interface AdamOptions extends OptimizerOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

export interface RmspropOptions extends OptimizerOptions {
  /** Default 0.9. */
  readonly rho?: number;
  /** Default 0. */
  readonly momentum?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
  /** Default false. */
  readonly centered?: boolean;
}

const COMMON = [
  'learningRate',
  'weightDecay',
  'excludeFromWeightDecay',
  'clipNorm',
  'clipValue',
  'globalClipNorm',
  'gradientAccumulationSteps',
];
const DEFAULT_EPSILON = 1e-7;

type Make = () => tf.Optimizer;

/** Stochastic gradient descent. Default rate 0.01. */
export function sgd(options: SgdOptions = {}): Make {
  const { momentum = 0, nesterov = false } = options;
  checkNumber('optimizers.sgd: momentum', momentum, 0);
  return optimizer('SGD', 'sgd', options, ['momentum', 'nesterov'], 0.01, (rate) =>
    momentum === 0 ? tf.train.sgd(rate) : tf.train.momentum(rate, momentum, nesterov),
  );
}

/** Adam (Kingma and Ba 2015). Default rate 0.001. */
export function adam(options: AdamOptions = {}): Make {
  return adaptive('Adam', 'adam', options);
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019). Default rate 0.001, decay 0.004. */
export function adamw(options: AdamOptions = {}): Make {
  return adaptive('AdamW', 'adamw', { weightDecay: 0.004, ...namedOptions('optimizers.adamw', options) });
}

/** RMSProp (Hinton 2012). Default rate 0.001. */
export function rmsprop(options: RmspropOptions = {}): Make {
  const { rho = 0.9, momentum = 0, epsilon = DEFAULT_EPSILON, centered = false } = options;
  checkNumber('optimizers.rmsprop: rho', rho, 0, 1);
  checkNumber('optimizers.rmsprop: momentum', momentum, 0);
  checkNumber('optimizers.rmsprop: epsilon', epsilon, 0);
  return optimizer('RMSProp', 'rmsprop', options, ['rho', 'momentum', 'epsilon', 'centered'], 0.001, (rate) =>
    tf.train.rmsprop(rate, rho, momentum, epsilon, centered),
  );
}

/** Adagrad (Duchi et al. 2011). Default rate 0.001. */
export function adagrad(options: OptimizerOptions = {}): Make {
  return optimizer('Adagrad', 'adagrad', options, [], 0.001, (rate) => tf.train.adagrad(rate));
}

function adaptive(name: string, factory: string, options: AdamOptions): Make {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = DEFAULT_EPSILON } = options;
  checkNumber(`optimizers.${factory}: beta1`, beta1, 0, 1);
  checkNumber(`optimizers.${factory}: beta2`, beta2, 0, 1);
  checkNumber(`optimizers.${factory}: epsilon`, epsilon, 0);
  return optimizer(name, factory, options, ['beta1', 'beta2', 'epsilon'], 0.001, (rate) =>
    tf.train.adam(rate, beta1, beta2, epsilon),
  );
}

function optimizer(
  name: string,
  factory: string,
  options: OptimizerOptions,
  own: readonly string[],
  defaultRate: number,
  make: (rate: number) => tf.Optimizer,
): Make {
  const field = `optimizers.${factory}`;
  checkKnown(field, namedOptions(field, options), [...COMMON, ...own]);
  const {
    learningRate: given = defaultRate,
    weightDecay = 0,
    gradientAccumulationSteps: accumulationSteps = 1,
  } = options;
  const schedule = typeof given === 'number' ? undefined : asSchedule(`${field}: learningRate`, given);
  const rate = typeof given === 'number' ? checkNumber(`${field}: learningRate`, given, 0) : firstRate(schedule);
  checkNumber(`${field}: weightDecay`, weightDecay, 0);
  checkInteger(`${field}: gradientAccumulationSteps`, accumulationSteps, { min: 1 });
  const excluded = checkNames(`${field}: excludeFromWeightDecay`, options.excludeFromWeightDecay);
  const clip = clipOf(field, options);
  const rules: UpdateRules = {
    name,
    ...(schedule === undefined ? {} : { schedule }),
    ...(weightDecay === 0 ? {} : { weightDecay, excludeFromWeightDecay: excluded }),
    ...(clip === undefined ? {} : { clip }),
    ...(accumulationSteps === 1 ? {} : { accumulationSteps }),
  };
  return () => withRules(make(rate), rules);
}

/** The rate alone is what tf.train takes. */
function namedOptions(field: string, options: unknown): object {
  const isRate = typeof options === 'number' || (typeof options === 'object' && options !== null && 'at' in options);
  if (!isRate) return checkObject(field, options);
  throw invalid({
    field,
    expected: l10n.t('an object'),
    found: options,
    remedy: l10n.t('Write {0}.', `${field}({ learningRate: … })`),
  });
}

function firstRate(schedule: Schedule | undefined): number {
  if (schedule === undefined) return 0;
  return isPlateau(schedule) ? schedule.learningRate : schedule.at(0);
}

function clipOf(field: string, options: OptimizerOptions): UpdateRules['clip'] {
  const ways = [
    { option: 'clipNorm', by: 'norm' },
    { option: 'clipValue', by: 'value' },
    { option: 'globalClipNorm', by: 'globalNorm' },
  ] as const;
  const given = ways.filter(({ option }) => options[option] !== undefined);
  const [first, second] = given;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    throw invalid({
      field,
      expected: l10n.t('one way to clip gradients'),
      found: given.map(({ option }) => option).join(', '),
      remedy: l10n.t("Remove '{0}'.", second.option),
    });
  }
  return { by: first.by, limit: checkNumber(`${field}: ${first.option}`, options[first.option], Number.MIN_VALUE) };
}

function checkNames(field: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value;
  throw invalid({ field, expected: l10n.t('a list of parts of names'), found: value });
}

/** Learning-rate schedules, for `optimizers.…({ learningRate: … })`. The names and formulas are those of Keras 3. */
import * as l10n from '@vscode/l10n';
import { checkInteger, checkKnown, checkNumber, checkObject, invalid } from '../check';
import type { PlateauSchedule, Schedule, StepSchedule } from './schedule';

export type { PlateauSchedule, Schedule, StepSchedule } from './schedule';

/** Checks the options of a schedule: every one is a number. */
function checked<Options extends object>(
  name: string,
  options: Options,
  ranges: { readonly [Field in keyof Options]-?: (field: string, value: unknown) => unknown },
): void {
  const given = checkObject(`schedules.${name}`, options);
  checkKnown(`schedules.${name}`, given, Object.keys(ranges));
  for (const [field, check] of Object.entries<(field: string, value: unknown) => unknown>(ranges)) {
    check(`schedules.${name}: ${field}`, given[field]);
  }
}

type Check = (field: string, value: unknown) => unknown;
const optional =
  (check: Check): Check =>
  (field, value) =>
    value === undefined ? undefined : check(field, value);
const rate: Check = (field, value) => checkNumber(field, value, 0);
const steps: Check = (field, value) => checkInteger(field, value, { min: 1 });
const share: Check = (field, value) => checkNumber(field, value, 0, 1);

/** The same rate at every step. */
export function constant(learningRate: number): StepSchedule {
  rate('schedules.constant', learningRate);
  return { name: 'constant', at: () => learningRate };
}

export interface StepDecayOptions {
  readonly learningRate: number;
  /** Updates after which the rate changes once more. */
  readonly every: number;
  /** What it is multiplied by then. */
  readonly factor: number;
}

/** Multiplied by `factor` after each `every` updates. */
export function stepDecay(options: StepDecayOptions): StepSchedule {
  checked('stepDecay', options, { learningRate: rate, every: steps, factor: rate });
  const { learningRate, every, factor } = options;
  return { name: 'stepDecay', at: (step) => learningRate * factor ** Math.floor(step / every) };
}

export interface ExponentialDecayOptions {
  readonly learningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
}

/** learningRate · decayRate^(step / decaySteps). */
export function exponentialDecay(options: ExponentialDecayOptions): StepSchedule {
  checked('exponentialDecay', options, { learningRate: rate, decaySteps: steps, decayRate: rate });
  const { learningRate, decaySteps, decayRate } = options;
  return { name: 'exponentialDecay', at: (step) => learningRate * decayRate ** (step / decaySteps) };
}

export interface CosineDecayOptions {
  readonly learningRate: number;
  /** Updates until the end of the fall; the last rate stays afterwards. */
  readonly decaySteps: number;
  /** Last rate, as a share of the first. Default 0. */
  readonly alpha?: number;
}

/** Half a cosine from the rate down to `alpha` of it (Loshchilov and Hutter 2017, without restarts). */
export function cosineDecay(options: CosineDecayOptions): StepSchedule {
  checked('cosineDecay', options, { learningRate: rate, decaySteps: steps, alpha: optional(share) });
  const { learningRate, decaySteps, alpha = 0 } = options;
  return { name: 'cosineDecay', at: (step) => learningRate * cosine(step / decaySteps, alpha) };
}

export interface WarmUpOptions {
  /** Updates over which the rate rises. */
  readonly steps: number;
  /** Where it begins. Default 0. */
  readonly from?: number;
  /** What follows, counted from its own step 0; its first rate is where the rise ends. */
  readonly then: StepSchedule | number;
}

/** Rises in a straight line, then goes on as another schedule says. */
export function warmUp(options: WarmUpOptions): StepSchedule {
  checked('warmUp', options, { steps, from: optional(rate), then: checkThen });
  const { steps: rise, from = 0, then } = options;
  const next = typeof then === 'number' ? constant(then) : then;
  const top = next.at(0);
  return {
    name: `warmUp(${next.name})`,
    at: (step) => (step < rise ? from + ((top - from) * step) / rise : next.at(step - rise)),
  };
}

const checkThen: Check = (field, value) => {
  if (typeof value === 'number') return rate(field, value);
  if (isSchedule(value) && 'at' in value) return value;
  throw invalid({ field, expected: l10n.t('a rate or a schedule by steps'), found: value });
};

export interface OneCycleOptions {
  readonly maxLearningRate: number;
  readonly totalSteps: number;
  /** Share of the updates in which it rises. Default 0.3. */
  readonly rise?: number;
  /** The first rate is the highest over this. Default 25. */
  readonly divideBy?: number;
  /** The last rate is the first over this. Default 10000. */
  readonly finalDivideBy?: number;
}

/** Up and down once, each by half a cosine (Smith and Topin 2018, as PyTorch's OneCycleLR). */
export function oneCycle(options: OneCycleOptions): StepSchedule {
  const above: Check = (field, value) => checkNumber(field, value, 1);
  checked('oneCycle', options, {
    maxLearningRate: rate,
    totalSteps: steps,
    rise: optional(share),
    divideBy: optional(above),
    finalDivideBy: optional(above),
  });
  const { maxLearningRate: most, totalSteps, rise = 0.3, divideBy = 25, finalDivideBy = 1e4 } = options;
  const first = most / divideBy;
  const last = first / finalDivideBy;
  const top = rise * totalSteps - 1;
  const between = (from: number, to: number, position: number): number => to + (from - to) * cosine(position, 0);
  return {
    name: 'oneCycle',
    at: (step) =>
      step <= top
        ? between(first, most, top <= 0 ? 1 : step / top)
        : between(most, last, (step - top) / (totalSteps - 1 - top)),
  };
}

export interface ReduceOnPlateauOptions {
  readonly learningRate: number;
  /** What the rate is multiplied by. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement before it is. Default 10. */
  readonly patience?: number;
  /** What counts as an improvement. Default 0.0001. */
  readonly minDelta?: number;
  /** Epochs after a reduction in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** Default 0. */
  readonly minLearningRate?: number;
}

/** Multiplied by `factor` when `val_loss` has not improved for `patience` epochs (Keras' ReduceLROnPlateau). */
export function reduceOnPlateau(options: ReduceOnPlateauOptions): PlateauSchedule {
  checked('reduceOnPlateau', options, {
    learningRate: rate,
    factor: optional(share),
    patience: optional(steps),
    minDelta: optional(rate),
    cooldown: optional((field, value) => checkInteger(field, value, { min: 0 })),
    minLearningRate: optional(rate),
  });
  const { learningRate, factor = 0.1, patience = 10, minDelta = 1e-4, cooldown = 0, minLearningRate = 0 } = options;
  return { name: 'reduceOnPlateau', learningRate, factor, patience, minDelta, cooldown, minLearningRate };
}

/** What `learningRate` may be beside a number: a schedule, or a function of the step that depends on nothing else. */
export function asSchedule(field: string, given: unknown): Schedule {
  if (typeof given === 'function') return { name: 'function', at: given as StepSchedule['at'] };
  if (isSchedule(given)) return given;
  throw invalid({
    field,
    expected: l10n.t('a number, a schedule, or a function of the step'),
    found: given,
    remedy: l10n.t('Write a number such as 0.001, or a schedule such as schedules.cosineDecay({ … }).'),
  });
}

function isSchedule(value: unknown): value is Schedule {
  if (typeof value !== 'object' || value === null || !('name' in value)) return false;
  return 'at' in value ? typeof value.at === 'function' : value.name === 'reduceOnPlateau';
}

/** From 1 at position 0 down to `last` at position 1 and beyond. */
function cosine(position: number, last: number): number {
  const within = Math.min(Math.max(position, 0), 1);
  return last + ((1 - last) * (1 + Math.cos(Math.PI * within))) / 2;
}

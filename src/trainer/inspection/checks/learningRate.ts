import * as l10n from '@vscode/l10n';
import type * as tf from '@tensorflow/tfjs';
import { rulesOf } from '../../../lab/optimizers/rules';
import { isPlateau } from '../../../lab/schedules/schedule';
import { learningRate } from '../../../learning/training/optimizer';
import type { Finding } from '../problems';

/** Beyond this no optimizer learns anything. */
const HIGHEST = 10;
/** Below this, weights of float32 hardly move. */
const LOWEST = 1e-8;

interface Sense {
  /** Above this, training usually diverges. */
  readonly high: number;
  readonly usual: number;
}

/** By class name. Adaptive optimizers move each weight by about the rate itself at each step, SGD by rate × gradient. */
const SENSE: Readonly<Record<string, Sense>> = {
  SGD: { high: 1, usual: 0.01 },
  Momentum: { high: 1, usual: 0.01 },
  Adam: { high: 0.1, usual: 0.001 },
  AdaMax: { high: 0.1, usual: 0.002 },
  Adamax: { high: 0.1, usual: 0.002 },
  RMSProp: { high: 0.1, usual: 0.001 },
  Adagrad: { high: 1, usual: 0.01 },
  Adadelta: { high: HIGHEST, usual: 1 },
};

/** Moments of a schedule that are looked at. */
const LOOKS = 1000;

/**
 * The rate of an optimizer; with a schedule the highest one of the run: a warm-up begins with 0.
 * @param updates of the whole run
 */
export function highestRate(optimizer: tf.Optimizer, updates: number): number | undefined {
  const { schedule } = rulesOf(optimizer) ?? {};
  if (schedule === undefined || isPlateau(schedule)) return learningRate(optimizer);
  const looks = Math.min(LOOKS, Math.max(1, updates));
  return Math.max(...Array.from({ length: looks }, (_, look) => schedule.at(Math.floor((look * updates) / looks))));
}

/** A learning rate with which nothing can be learned (error) or hardly anything (warning). */
export function learningRateFinding(optimizer: string, rate: number): Finding | undefined {
  const { high, usual } = SENSE[optimizer] ?? { high: 1, usual: 0.001 };
  const common = {
    code: 'MODEL_LEARNING_RATE',
    found: String(rate),
    remedy: l10n.t('{0} is a good start for {1}.', usual, optimizer),
    field: 'optimizer',
    fixes: [{ kind: 'learningRate', value: usual }],
  } as const;
  if (!Number.isFinite(rate) || rate <= 0) {
    const message =
      rate < 0
        ? l10n.t('A learning rate below 0 climbs up the loss.')
        : l10n.t('With this learning rate no weight moves.');
    const notANumber = l10n.t('This learning rate is no number.');
    return { ...common, message: Number.isFinite(rate) ? message : notANumber, expected: l10n.t('a number above 0') };
  }
  if (rate > HIGHEST) {
    return {
      ...common,
      message: l10n.t('With a learning rate of {0} no training converges.', rate),
      expected: l10n.t('at most {0}', high),
    };
  }
  if (rate > high) {
    return {
      ...common,
      severity: 'warning',
      message: l10n.t(
        'A learning rate of {0} is very high for {1}: the loss will jump rather than fall.',
        rate,
        optimizer,
      ),
      expected: l10n.t('at most {0}', high),
    };
  }
  if (rate < LOWEST) {
    return {
      ...common,
      severity: 'warning',
      message: l10n.t('A learning rate of {0} is too small to see anything happen.', rate),
      expected: l10n.t('at least {0}', LOWEST),
    };
  }
  return undefined;
}

/** Data sets of points in the plane, generated from a seed. x has shape [2] and lies roughly in −1.5 … 1.5. */
import * as l10n from '@vscode/l10n';
import { checkInteger, checkNumber } from '../check';
import type { InMemoryDataset } from '../dataset';
import type { Random } from '../random';
import { letters, pointOptions, pointsDataset, type PointsOptions } from './points';

const MOST_CLASSES = 10;

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next();
}

export interface SpiralsOptions extends PointsOptions {
  /** Number of arms, each a class, 2 to 10. Default 3. */
  readonly classes?: number;
  /** How often an arm winds around the centre, 0.1 to 3. Default 0.75. */
  readonly turns?: number;
}

/**
 * Arms that wind around each other, from the centre to radius 1: no straight line parts them.
 *
 * @returns Points float32 [2], labels 0 … classes − 1 in equal parts. Default noise 0.03.
 * @throws LabError EXPERIMENT_INVALID for an option out of range. Source: after Lang and Witbrock 1988, "Learning to
 *   tell two spirals apart".
 */
export function spirals(options: SpiralsOptions = {}): InMemoryDataset {
  const given = pointOptions('spirals', options, ['classes', 'turns']);
  const classes = checkInteger('datasets.spirals: classes', given['classes'] ?? 3, { min: 2, max: MOST_CLASSES });
  const turns = checkNumber('datasets.spirals: turns', given['turns'] ?? 0.75, 0.1, 3);
  return pointsDataset(
    {
      id: 'spirals',
      name: l10n.t('Spirals'),
      classes: letters(classes),
      noise: 0.03,
      draw: (random, label) => {
        const along = between(random, 0.08, 1);
        const angle = 2 * Math.PI * (turns * along + label / classes);
        return [along * Math.cos(angle), along * Math.sin(angle)];
      },
    },
    given,
  );
}

export interface CirclesOptions extends PointsOptions {
  /** Radius of the inner circle; the outer one has radius 1. Between 0 and 1. Default 0.5. */
  readonly factor?: number;
}

/**
 * A circle inside another.
 *
 * @returns Points float32 [2], label 0 on the outer circle, 1 on the inner one, in equal parts. Default noise 0.08.
 * @throws LabError EXPERIMENT_INVALID for an option out of range. Source: after scikit-learn's make_circles.
 */
export function circles(options: CirclesOptions = {}): InMemoryDataset {
  const given = pointOptions('circles', options, ['factor']);
  const factor = checkNumber('datasets.circles: factor', given['factor'] ?? 0.5, 0, 1);
  return pointsDataset(
    {
      id: 'circles',
      name: l10n.t('Circles'),
      classes: [l10n.t('outer'), l10n.t('inner')],
      noise: 0.08,
      draw: (random, label) => {
        const radius = label === 0 ? 1 : factor;
        const angle = between(random, 0, 2 * Math.PI);
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
      },
    },
    given,
  );
}

/**
 * Two half-moons that reach into each other.
 *
 * @returns Points float32 [2], label 0 on the upper moon, 1 on the lower one, in equal parts. Default noise 0.1.
 * @throws LabError EXPERIMENT_INVALID for an option out of range. Source: after scikit-learn's make_moons, centred.
 */
export function moons(options: PointsOptions = {}): InMemoryDataset {
  return pointsDataset(
    {
      id: 'moons',
      name: l10n.t('Moons'),
      classes: [l10n.t('upper'), l10n.t('lower')],
      noise: 0.1,
      draw: (random, label) => {
        const angle = between(random, 0, Math.PI);
        const side = label === 0 ? 1 : -1;
        return [side * (Math.cos(angle) - 0.5), side * (Math.sin(angle) - 0.25)];
      },
    },
    pointOptions('moons', options),
  );
}

/**
 * Four squares like a chessboard's: the class says whether the two coordinates differ in sign.
 *
 * @returns Points float32 [2] in −1 … 1, label 0 where x and y have the same sign, else 1, in equal parts; a gap of
 *   0.1 on each side of the axes. Default noise 0.03.
 * @throws LabError EXPERIMENT_INVALID for an option out of range. Source: Minsky and Papert 1969, Perceptrons.
 */
export function xor(options: PointsOptions = {}): InMemoryDataset {
  return pointsDataset(
    {
      id: 'xor',
      name: l10n.t('XOR'),
      classes: [l10n.t('same sign'), l10n.t('different signs')],
      noise: 0.03,
      draw: (random, label) => {
        const side = random.next() < 0.5 ? 1 : -1;
        const x = side * between(random, 0.1, 1);
        return [x, Math.sign(x) * (label === 0 ? 1 : -1) * between(random, 0.1, 1)];
      },
    },
    pointOptions('xor', options),
  );
}

export interface GaussiansOptions extends PointsOptions {
  /** Number of clouds, each a class, 2 to 10. Default 2. */
  readonly classes?: number;
}

/**
 * Round clouds whose centres lie evenly on the unit circle. With two classes a straight line is the best boundary.
 *
 * @returns Points float32 [2], labels 0 … classes − 1 in equal parts. `noise` is the clouds' standard deviation,
 *   default 0.35.
 * @throws LabError EXPERIMENT_INVALID for an option out of range.
 */
export function gaussians(options: GaussiansOptions = {}): InMemoryDataset {
  const given = pointOptions('gaussians', options, ['classes']);
  const classes = checkInteger('datasets.gaussians: classes', given['classes'] ?? 2, { min: 2, max: MOST_CLASSES });
  return pointsDataset(
    {
      id: 'gaussians',
      name: l10n.t('Gaussians'),
      classes: letters(classes),
      noise: 0.35,
      draw: (_random, label) => {
        const angle = 2 * Math.PI * (label / classes + 1 / 8);
        return [Math.cos(angle), Math.sin(angle)];
      },
    },
    given,
  );
}

/** What dropout drops for one test example, and that it keeps the expected activation. */
import * as tf from '@tensorflow/tfjs';
import type { DropoutMasks, MaskedLayer } from '../../protocol/pictures';
import { batchOfOne, describeExample } from './example';
import type { Moment, PictureContext } from './maker';
import { runPass, type Masking, type Pass } from './masks';
import { PacedMaker } from './paced';
import type { Numbers } from './samples';
import { SOLE } from '../../lab/fields';
import { answerOf } from '../training/batch';
import { undisturbed } from './undisturbed';

const EXAMPLE = 0;
/** Passes whose masks are shown; fewer, but not fewer than the least, where they take longer than this. */
const SHOWN = 8;
const FEWEST_PASSES = 4;
const SHOWING_MS = 500;
/** For the averages the example goes through as a batch of so many copies, each with masks of its own. */
const COPIES = 64;
const MOST_UNITS = 256;
const MOST_LAYERS = 8;
const ACTIVE_UNITS = 8;

export class MasksMaker extends PacedMaker {
  private hasDropout = true;

  epochEnd(moment: Moment): void {
    if (this.pace.isDue) this.show(moment);
  }

  protected override draw({ step, epoch }: Moment): void {
    if (!this.hasDropout) return;
    this.context.executor.sync();
    const found = this.find(step);
    this.hasDropout = found !== undefined;
    if (found !== undefined) this.context.emit({ kind: 'dropoutMasks', step, epoch, ...found });
  }

  /** A model that does not take one example gives no picture; what is wrong with it, training itself reports. */
  private find(seed: number): ReturnType<typeof findMasks> {
    try {
      return findMasks(this.context, seed);
    } catch (error) {
      this.context.failed('dropoutMasks', error);
      return undefined;
    }
  }
}

/**
 * Undefined when nothing is dropped; where there is nothing like a mask, the first pass tells.
 * @param seed of the random draws
 */
export function findMasks(
  context: Pick<PictureContext, 'data' | 'experiment' | 'learner' | 'test' | 'fromLogits' | 'now'>,
  seed: number,
): Omit<DropoutMasks, 'kind' | 'step' | 'epoch' | 'summary'> | undefined {
  const { learner, now } = context;
  return undisturbed(seed, () => {
    const { x } = batchOfOne(context, EXAMPLE);
    const passes = runPasses(() => runPass(x, () => learner.forward(x, true)), now);
    const masked = alike(passes);
    if (masked.length === 0) return undefined;
    const wanted = new Set(masked.flatMap(([first]) => first?.sources.map(({ source }) => source) ?? []));
    const { activations } = runPass(x, () => learner.forward(x, false), wanted);
    const names = layerNames(context, masked.length);
    const batch = tf.concat(new Array<tf.Tensor>(COPIES).fill(x));
    const copies = runPass(batch, () => learner.forward(batch, true));
    const layers = masked
      .slice(0, MOST_LAYERS)
      .map((maskings, i) => describe(names[i] ?? '', maskings, averaged(maskings, copies), activations));
    const { classes } = context.data;
    const example = describeExample(context, EXAMPLE, answerOf(learner.forward(x, false), SOLE));
    return { classes, example, layers };
  });
}

function runPasses(pass: () => Pass, now: () => number): readonly Pass[] {
  const passes: Pass[] = [];
  const start = now();
  const elapsed = (): number => now() - start;
  while (passes.length < FEWEST_PASSES || (passes.length < SHOWN && elapsed() < SHOWING_MS)) {
    const next = pass();
    if (next.maskings.length === 0) return [];
    passes.push(next);
  }
  return passes;
}

/** Maskings of the same place in all passes that differ between passes, and so are random. */
function alike(passes: readonly Pass[]): (readonly Masking[])[] {
  const [first, ...others] = passes;
  return (first?.maskings ?? []).flatMap((masking) => {
    const all = others.map(({ maskings }) => maskings.find(({ position }) => position === masking.position));
    const maskings = [masking, ...all.filter((found) => found !== undefined)];
    const isComplete = maskings.length === passes.length;
    const isEqual = maskings.every(({ kept }) => kept.every((value, i) => value === masking.kept[i]));
    const scales = new Set(maskings.flatMap(({ scale }) => (scale === 0 ? [] : scale)));
    return isComplete && !isEqual && scales.size === 1 ? [maskings] : [];
  });
}

/** Names of the dropout layers, where there are as many as masks. */
function layerNames({ learner }: Pick<PictureContext, 'learner'>, count: number): readonly string[] {
  const names = learner.layers.filter(({ type }) => type.includes('Dropout')).map(({ name }) => name);
  return names.length === count ? names : [];
}

interface Averages {
  readonly passes: number;
  readonly dropped: number;
  /** Mean of what flows on, one number an activation. */
  readonly output: Float64Array;
}

/** Averages over the copies; over the passes shown where the copies do not have masks of their own. */
function averaged(maskings: readonly Masking[], copies: Pass): Averages {
  const [first] = maskings;
  const units = first?.kept.length ?? 0;
  const size = first?.output.length ?? 0;
  const many = copies.maskings.find(({ position }) => position === first?.position);
  const isOneEach = many?.kept.length === units * COPIES && many.output.length === size * COPIES;
  const outputs = isOneEach
    ? Array.from({ length: COPIES }, (_, copy) => many.output.subarray(copy * size, (copy + 1) * size))
    : maskings.map(({ output }) => output);
  const kept = isOneEach ? many.kept : maskings.flatMap((masking) => masking.kept);
  const passes = outputs.length;
  return {
    passes,
    dropped: kept.filter((value) => !value).length / kept.length,
    output: Float64Array.from(
      { length: size },
      (_, unit) => outputs.reduce((sum, output) => sum + (output[unit] ?? 0), 0) / passes,
    ),
  };
}

function describe(
  name: string,
  maskings: readonly Masking[],
  { passes, dropped, output: inTraining }: Averages,
  activations: ReadonlyMap<string, Numbers>,
): MaskedLayer {
  const [first] = maskings;
  const units = first?.kept.length ?? 0;
  const source = first?.sources.find((candidate) => activations.has(candidate.source));
  const atTest = source && activations.get(source.source);
  const scale = Math.max(...maskings.map((masking) => masking.scale)) * (source?.factor ?? 1);
  const shown = maskings.slice(0, SHOWN).map(({ kept }) =>
    kept
      .slice(0, MOST_UNITS)
      .map((value) => (value ? '1' : '0'))
      .join(''),
  );
  const layer = { name, units, masks: shown, dropped, scale, passes, activations: [] };
  const size = inTraining.length;
  if (atTest?.length !== size) return layer;
  const means = { training: mean(inTraining), test: mean(atTest) };
  if (size !== units) return { ...layer, means };
  const most = Array.from(atTest.keys())
    .sort((one, other) => Math.abs(atTest[other] ?? 0) - Math.abs(atTest[one] ?? 0))
    .slice(0, ACTIVE_UNITS)
    .sort((one, other) => one - other)
    .map((unit) => ({ unit, training: inTraining[unit] ?? 0, test: atTest[unit] ?? 0 }));
  return { ...layer, means, activations: most };
}

function mean(values: Numbers | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

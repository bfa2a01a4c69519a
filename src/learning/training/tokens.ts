/** What looks things up needs whole numbers within its table: anything else is taken for another row, without a word. */
import * as tf from '@tensorflow/tfjs';
import type { Column, Dataset, Split } from '../../lab/dataset';
import { columnOf, inputsOf, isRagged, isWindows, named, SOLE, targetsOf, valuesOf, widthOf } from '../../lab/fields';
import { lossFamily } from '../../lab/losses/define';
import { LearningError } from '../errors';
import type { Objective } from './objective';

export interface Lookup {
  readonly layer: string;
  /** Rows of its table. */
  readonly size: number;
  /** Name of the model's input that it looks up. */
  readonly input: string;
}

/** The layers that look up inputs of the model, one for each input at most. */
export function lookupsOf(model: tf.LayersModel): readonly Lookup[] {
  return model.inputs.flatMap((input, index) => {
    const embedding = model.layers.find(
      (layer) =>
        layer.getClassName() === 'Embedding' &&
        layer.inboundNodes.some(({ inputTensors }) => inputTensors.some(({ id }) => id === input.id)),
    );
    const size = embedding?.getConfig()['inputDim'];
    if (embedding === undefined || typeof size !== 'number') return [];
    return [{ layer: embedding.name, size, input: model.inputNames[index] ?? SOLE }];
  });
}

/** @throws LearningError NOT_TOKENS: which split, and the first row that cannot be looked up */
export function checkTokens(
  lookups: readonly Lookup[],
  dataset: Pick<Dataset, 'name' | 'inputShape' | 'inputType' | 'inputs'>,
  data: { readonly train: Split; readonly test: Split },
): void {
  const inputs = inputsOf(dataset);
  for (const { layer, size, input } of lookups) {
    const looked = inputs.length === 1 ? inputs[0] : inputs.find(({ name }) => name === input);
    if (looked === undefined) continue;
    for (const split of ['train', 'test'] as const) {
      const column = columnOf(data[split], 'x', looked.name);
      if (column === undefined) continue;
      const field = looked.name === SOLE ? `${split}.x` : `${split}.x.${looked.name}`;
      const fault = { code: 'NOT_TOKENS', dataset: dataset.name, layer, size, field } as const;
      const values = valuesOf(column);
      // Bytes are scaled to 0 … 1 before the model sees them.
      if (values instanceof Uint8Array) throw new LearningError(fault);
      const index = values.findIndex((value) => !(value >= 0 && value < size && Number.isInteger(value)));
      if (index < 0) continue;
      const found = values[index] ?? Number.NaN;
      throw new LearningError({
        ...fault,
        ...placeOf(column, Math.floor(index / widthOf(looked.shape, column))),
        found,
      });
    }
  }
}

/** @param unit a row, or a position where rows are cut out of a long array */
function placeOf(column: Column, unit: number): { readonly row: number } | { readonly position: number } {
  if (isWindows(column)) return { position: unit };
  return { row: isRagged(column) ? column.starts.findLastIndex((start) => start <= unit) : unit };
}

/**
 * Where a loss looks up each target in the answer of the model, targets are whole numbers below the size of that; others
 * would count as no class at all. What is masked may be anything.
 *
 * @throws LearningError TARGET_RANGE: the first row of which a target is none
 */
export function checkTargets(
  { objective, units = {} }: { readonly objective: Objective; readonly units?: Readonly<Record<string, number>> },
  dataset: Dataset,
  data: { readonly train: Split; readonly test: Split },
): void {
  for (const { name, shape } of targetsOf(dataset)) {
    const goal = objective.goals.find((one) => one.name === name);
    const size = units[name];
    if (goal === undefined || size === undefined || lossFamily(goal.loss) !== 'sparse') continue;
    for (const split of ['train', 'test'] as const) {
      const column = columnOf(data[split], 'y', name);
      if (column === undefined) continue;
      const values = valuesOf(column);
      const mask = data[split].mask && named<Uint8Array>(data[split].mask, name);
      const each = mask === undefined ? 1 : values.length / mask.length;
      const index = values.findIndex(
        (value, at) => !(value >= 0 && value < size && Number.isInteger(value)) && mask?.[Math.floor(at / each)] !== 0,
      );
      if (index < 0) continue;
      const field = name === SOLE ? `${split}.y` : `${split}.y.${name}`;
      const place = placeOf(column, Math.floor(index / Math.max(1, widthOf(shape, column))));
      const row = 'row' in place ? place.row : place.position;
      throw new LearningError({
        code: 'TARGET_RANGE',
        dataset: dataset.name,
        field,
        size,
        found: values[index] ?? 0,
        row,
      });
    }
  }
}

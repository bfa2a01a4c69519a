/** A value as a cell shows it: the richest form that is known of it, and the same as text beside it. */
import * as tf from '@tensorflow/tfjs';
import { display } from '../../../lab/cells/display';
import type { Dataset } from '../../../lab/dataset';
import type { Splits } from '../../../lab/dataset';
import { DISPLAY_MIME, TEXT_MIME, type Display } from '../../../protocol/display';
import type { CellOutput } from '../../../protocol/kernel';
import { plain } from '../../../words/plain';
import { datasetDisplay, datasetText, isDataset } from './dataset';
import { modelDisplay, modelText } from './model';
import type { Values } from './numbers';
import type { Pages } from './pages';
import { isRows, tableDisplay, tableText } from './table';
import { numbered, tensorDisplay, tensorText } from './tensor';
import { described, treeOf, treeText } from './tree';

export type Items = CellOutput['items'];

export interface DisplayContext {
  readonly pages: Pages;
  /** Loads a data set as a training does. */
  readonly load: (data: Dataset) => Promise<Splits>;
}

/** Longest text that is shown of one value. */
const MOST_CHARACTERS = 100_000;
/** A `[display]` may give a value with a `[display]` of its own. */
const MOST_STEPS = 10;
/** What a `[display]` may give as it is. */
const MIME = /^(text|image|application)\/[\w.+-]+$/;

/**
 * @returns undefined for a value that is not shown: undefined, and what a `[display]` keeps to itself
 * @throws what the learner's `[display]` throws
 */
export async function displayOf(given: unknown, context: DisplayContext): Promise<Items | undefined> {
  let value = given;
  for (let step = 0; hasDisplay(value) && step < MOST_STEPS; step++) {
    value = await value[display]();
    if (isBundle(value)) return withText(value);
  }
  if (value === undefined) return undefined;
  if (isMade(value)) return itemsOf(value.display, value.text);
  return await itemsOfValue(value, context);
}

async function itemsOfValue(value: unknown, { pages, load }: DisplayContext): Promise<Items> {
  if (isTensor(value)) {
    if (value.isDisposed) return text(`${described(value).text} (disposed)`);
    const numbers = numbered(value);
    const name = value instanceof tf.Variable ? value.name : undefined;
    return itemsOf(tensorDisplay(numbers, pages, name), tensorText(numbers));
  }
  if (isTyped(value)) {
    const numbers = { shape: [value.length], dtype: value.constructor.name, values: value };
    return itemsOf(tensorDisplay(numbers, pages), tensorText(numbers));
  }
  if (value instanceof tf.LayersModel) {
    const model = modelDisplay(value);
    return itemsOf(model, modelText(model));
  }
  if (isDataset(value)) {
    const data = datasetDisplay(value, await load(value));
    return itemsOf(data, datasetText(data));
  }
  if (isRows(value)) {
    const table = tableDisplay(value, pages);
    return itemsOf(table, tableText(table));
  }
  if (typeof value === 'string') return text(value);
  const root = treeOf(value);
  return root.children === undefined ? text(root.text) : itemsOf({ kind: 'tree', root }, treeText(root));
}

/** A display that one of the lab's functions has made, with its text. */
export class Made {
  constructor(
    readonly display: Display,
    readonly text: string,
  ) {}
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
const isMade = (value: unknown): value is Made => value instanceof Made;

export function itemsOf(made: Display, asText: string): Items {
  return { [DISPLAY_MIME]: made, ...text(asText) };
}

function text(value: string): Items {
  const shown = value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)} …` : value;
  return { [TEXT_MIME]: plain(shown) };
}

function hasDisplay(value: unknown): value is { readonly [display]: () => unknown } {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    display in value &&
    typeof value[display] === 'function'
  );
}

/** { 'text/html': '…' }: forms by MIME type, as in nbformat. */
function isBundle(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => MIME.test(key));
}

function withText(bundle: Readonly<Record<string, unknown>>): Items {
  if (typeof bundle[TEXT_MIME] === 'string') return bundle;
  const [first] = Object.keys(bundle);
  return { ...bundle, ...text(`(${first ?? ''})`) };
}

/** Arrays of numbers of one type, of which float32 keeps what is shown. */
function isTyped(value: unknown): value is Values & { readonly constructor: { readonly name: string } } {
  return (
    (value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array) &&
    !Buffer.isBuffer(value)
  );
}

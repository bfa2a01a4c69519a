/** What the table of vectors knows of words while it is trained: the neighbours of one, and a map of the frequent ones. */
import * as tf from '@tensorflow/tfjs';
import { columnOf, SOLE, valuesOf } from '../../lab/fields';
import type { MappedWord, PictureSettings, WordEmbedding } from '../../protocol/textPictures';
import { answerOf } from '../training/batch';
import { scoped } from '../training/scope';
import { findTable, type EmbeddingTable } from './embeddingTable';
import type { Moment, TextContext } from './maker';
import { PacedMaker } from './paced';
import { principalPlane, project, steadied, type Plane } from './principalPlane';
import { classProbabilities, mostProbable } from './probabilities';
import { isWord, tokenOf } from './vocabulary';

/** Of the time while it trains. */
const SHARE = 100;
const MAPPED = 160;
const NEIGHBOURS = 10;
/** Numbers of a table whose beginning is kept: 16 MiB. */
const MOST_KEPT = 2 ** 22;

type Neighbours = WordEmbedding['neighbours'];

export class EmbeddingMaker extends PacedMaker<TextContext> {
  private readonly length: number;
  private readonly vocabulary: readonly string[];
  private readonly isClassifier: boolean;
  /** Numbers of the most frequent tokens of the test texts. */
  private readonly frequent: readonly number[];
  private table: EmbeddingTable | undefined;
  /** As it was before the first step. */
  private initial: Float32Array | undefined;
  private word: number;
  private moment = { step: 0, epoch: 0 };
  private before: { readonly plane: Plane; readonly places: Float64Array } | undefined;

  constructor(context: TextContext) {
    super(context, SHARE);
    const { data, test, tokenizer } = context;
    this.length = data.inputShape[0] ?? 1;
    this.vocabulary = tokenizer.vocabulary;
    this.isClassifier = data.classes.length >= 2 && data.targetShape.length === 0;
    const column = columnOf(test, 'x', SOLE);
    const tokens = column === undefined ? [] : valuesOf(column);
    this.frequent = this.mostFrequent(tokens);
    this.word = this.firstWord(tokens);
  }

  /** Its table is known only now that the model has its weights. */
  override begin(step: number, epoch: number): void {
    try {
      this.context.executor.sync();
      if (this.frequent.length >= 3) this.table = findTable(this.context.learner, this.length, this.vocabulary.length);
      if (this.table === undefined) return;
      const vectors = this.vectors(this.table);
      if (vectors.length <= MOST_KEPT) this.initial = vectors;
    } catch (error) {
      this.context.failed('wordEmbedding', error);
    }
    super.begin(step, epoch);
  }

  stepEnd(step: number, epoch: number): void {
    this.moment = { step, epoch };
    this.showIfDue(step, epoch);
  }

  set(settings: PictureSettings): void {
    if (settings.kind !== 'wordEmbedding') return;
    this.word = tokenOf(this.context.tokenizer, settings.word) ?? this.word;
    this.drawAt(this.moment.step, () => {
      this.picture();
    });
  }

  /** A model that cannot be asked gives no picture; the training goes on. */
  protected override draw(moment: Moment): void {
    this.moment = moment;
    try {
      this.picture();
    } catch (error) {
      this.context.failed('wordEmbedding', error);
    }
  }

  private picture(): void {
    const { table } = this;
    if (table === undefined) return;
    const { executor, data, emit } = this.context;
    executor.sync();
    const vectors = this.vectors(table);
    const neighbours = this.neighbours(vectors, table.width);
    const others = [this.word, ...neighbours.map(({ id }) => id)].filter((id) => !this.frequent.includes(id));
    const { places, explained } = this.places(vectors, table.width, others);
    const says = this.isClassifier ? this.says([...this.frequent, ...others]) : [];
    const map = [...this.frequent, ...others].map((id, i): MappedWord => {
      const said = says[i];
      const place = { x: rounded(places[2 * i]), y: rounded(places[2 * i + 1]) };
      return { token: this.vocabulary[id] ?? '', ...place, ...(said === undefined ? {} : { says: said }) };
    });
    emit({
      kind: 'wordEmbedding',
      ...this.moment,
      classes: this.isClassifier ? data.classes : [],
      table: { name: table.name, width: table.width },
      word: this.vocabulary[this.word] ?? '',
      neighbours: neighbours.map(({ id, ...figures }) => ({ token: this.vocabulary[id] ?? '', ...figures })),
      explained,
      map,
    });
  }

  /** [rows, width], a copy. */
  private vectors({ name }: EmbeddingTable): Float32Array {
    const weight = this.context.learner.weights.find((one) => one.name === name);
    return Float32Array.from(weight?.tensor.dataSync<'float32'>() ?? []);
  }

  private neighbours(
    vectors: Float32Array,
    width: number,
  ): readonly (Omit<Neighbours[number], 'token'> & { id: number })[] {
    const { initial, word } = this;
    return [...this.vocabulary.keys()]
      .filter((id) => id !== word && isWord(this.vocabulary, id))
      .map((id) => ({ id, cosine: cosine(vectors, width, word, id) }))
      .sort((a, b) => b.cosine - a.cosine || a.id - b.id)
      .slice(0, NEIGHBOURS)
      .map((found) => (initial === undefined ? found : { ...found, before: cosine(initial, width, word, found.id) }));
  }

  /** The plane is that of the frequent words alone, so that it stays when another word is asked for. */
  private places(
    vectors: Float32Array,
    width: number,
    others: readonly number[],
  ): { places: Float64Array; explained: number } {
    const frequent = rowsOf(vectors, width, this.frequent);
    const plane = principalPlane(frequent, width, this.before?.plane.axes);
    const flat = project(frequent, plane);
    const turn = steadied(flat, this.before?.places ?? flat);
    const all = project(rowsOf(vectors, width, [...this.frequent, ...others]), plane);
    for (let i = 0; i < all.length; i += 2) [all[i], all[i + 1]] = turn(all[i] ?? 0, all[i + 1] ?? 0);
    this.before = { plane, places: all.slice(0, flat.length) };
    return { places: all, explained: plane.explained };
  }

  /** Of texts of one word. */
  private says(ids: readonly number[]): readonly NonNullable<MappedWord['says']>[] {
    const { executor, fromLogits } = this.context;
    const rows = new Int32Array(ids.length * this.length);
    ids.forEach((id, row) => (rows[row * this.length] = id));
    const { classes, confidences } = scoped(() => {
      const x = tf.tensor2d(rows, [ids.length, this.length], 'int32');
      return mostProbable(classProbabilities(answerOf(executor.predict(x), SOLE), fromLogits));
    });
    return ids.map((_, i) => ({ class: classes[i] ?? 0, probability: confidences[i] ?? 0 }));
  }

  private mostFrequent(tokens: ArrayLike<number>): readonly number[] {
    const counts = new Int32Array(this.vocabulary.length);
    for (const id of Array.from(tokens)) if (id < counts.length) counts[id] = (counts[id] ?? 0) + 1;
    return [...counts.keys()]
      .filter((id) => (counts[id] ?? 0) > 0 && isWord(this.vocabulary, id))
      .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
      .slice(0, MAPPED);
  }

  /**
   * Before the learner has asked for one: of the frequent words the one that stands most unequally often in texts of the
   * classes; without classes the first that has letters.
   */
  private firstWord(tokens: ArrayLike<number>): number {
    const lettered = this.frequent.find((id) => /\p{L}/u.test(this.vocabulary[id] ?? ''));
    const usual = lettered ?? this.frequent[0] ?? 0;
    if (!this.isClassifier) return usual;
    const { data, test } = this.context;
    const labels = Array.from<number>(valuesOf(columnOf(test, 'y', SOLE) ?? new Int32Array()));
    const texts = data.classes.map((_, index) => labels.filter((label) => label === index).length);
    const found = data.classes.map(() => new Map<number, number>());
    for (let row = 0; row < labels.length; row++) {
      const words = new Set(Array.prototype.slice.call(tokens, row * this.length, (row + 1) * this.length) as number[]);
      const counts = found[labels[row] ?? 0];
      for (const id of words) counts?.set(id, (counts.get(id) ?? 0) + 1);
    }
    const spread = (id: number): number => {
      const shares = found.map((counts, index) => (counts.get(id) ?? 0) / Math.max(1, texts[index] ?? 0));
      return Math.max(...shares) - Math.min(...shares);
    };
    return this.frequent.reduce((best, id) => (spread(id) > spread(best) ? id : best), usual);
  }
}

function rowsOf(vectors: Float32Array, width: number, ids: readonly number[]): Float32Array {
  const rows = new Float32Array(ids.length * width);
  ids.forEach((id, row) => {
    rows.set(vectors.subarray(id * width, (id + 1) * width), row * width);
  });
  return rows;
}

/** 0 where one of the two is no direction. */
function cosine(vectors: Float32Array, width: number, one: number, other: number): number {
  let [product, a, b] = [0, 0, 0];
  for (let i = 0; i < width; i++) {
    const [p, q] = [vectors[one * width + i] ?? 0, vectors[other * width + i] ?? 0];
    product += p * q;
    a += p * p;
    b += q * q;
  }
  return a > 0 && b > 0 ? product / Math.sqrt(a * b) : 0;
}

const rounded = (value = 0): number => Number(value.toPrecision(4));

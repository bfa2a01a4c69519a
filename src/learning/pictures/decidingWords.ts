/** Which words decided: the loss of some test texts without each of their words, and the attention that each word gets. */
import * as tf from '@tensorflow/tfjs';
import { SOLE } from '../../lab/fields';
import { PADDING } from '../../lab/tokenizers/tokenizer';
import type { DecidingWord, DecidingWords } from '../../protocol/textPictures';
import { answerOf } from '../training/batch';
import { scoped } from '../training/scope';
import type { Moment, PictureContext, TextContext } from './maker';
import { PacedMaker } from './paced';
import { classProbabilities, mostProbable } from './probabilities';
import { undisturbed } from './undisturbed';

const TEXTS = 6;
/** Words of a text beyond this are not left out one by one. */
const MOST_WORDS = 48;

type Context = PictureContext & Pick<TextContext, 'tokenizer'>;

interface Shown {
  readonly index: number;
  /** Without padding. */
  readonly ids: Int32Array;
}

export class DecidingMaker extends PacedMaker<Context> {
  private readonly length: number;
  private readonly texts: readonly Shown[];

  constructor(context: Context) {
    super(context);
    const { data, test } = context;
    this.length = data.inputShape[0] ?? 1;
    this.texts = Array.from({ length: Math.min(TEXTS, test.length) }, (_, index) => {
      const row = Int32Array.from(test.x.subarray(index * this.length, (index + 1) * this.length));
      return { index, ids: row.filter((id) => id !== PADDING) };
    });
  }

  /** What is wrong with the learner's own `attention` is told before anything is trained. */
  override begin(step: number, epoch: number): void {
    this.context.executor.sync();
    this.attention();
    super.begin(step, epoch);
  }

  epochEnd(moment: Moment): void {
    this.show(moment);
  }

  stepEnd(step: number, epoch: number): void {
    this.showIfDue(step, epoch);
  }

  protected override draw({ step, epoch }: Moment): void {
    try {
      const { data, emit, executor } = this.context;
      executor.sync();
      emit({ kind: 'decidingWords', step, epoch, classes: data.classes, texts: this.decide() });
    } catch (error) {
      this.context.failed('decidingWords', error);
    }
  }

  /** All texts, whole and without each of their words, as one batch of always the same shape. */
  private decide(): DecidingWords['texts'] {
    const { data, test, executor, fromLogits, tokenizer } = this.context;
    const each = 1 + Math.min(this.length, MOST_WORDS);
    const rows = new Int32Array(this.texts.length * each * this.length);
    this.texts.forEach(({ ids }, text) => {
      for (let variant = 0; variant < each; variant++) {
        const left = variant === 0 || ids.length === 1 ? ids : ids.filter((_, place) => place !== variant - 1);
        rows.set(left, (text * each + variant) * this.length);
      }
    });
    const { probabilities, predicted } = scoped(() => {
      const x = tf.tensor2d(rows, [this.texts.length * each, this.length], 'int32');
      const found = classProbabilities(answerOf(executor.predict(x), SOLE), fromLogits);
      return { probabilities: found.dataSync<'float32'>(), predicted: mostProbable(found).classes };
    });
    const attention = this.attention();
    return this.texts.map(({ index, ids }, text) => {
      const label = test.y[index] ?? 0;
      const lossOf = (variant: number): number =>
        -Math.log(Math.max(1e-30, probabilities[(text * each + variant) * data.classes.length + label] ?? 0));
      const words = Array.from(ids.subarray(0, each - 1), (id, place): DecidingWord => {
        const share = attention?.[text * this.length + place];
        const token = tokenizer.vocabulary[id] ?? '';
        return { token, lossWithout: lossOf(place + 1), ...(share === undefined ? {} : { attention: share }) };
      });
      return { index, label, predicted: predicted[text * each] ?? 0, loss: lossOf(0), words };
    });
  }

  /** [texts, length]; undefined where the model does not pool by attention. */
  private attention(): Float32Array | undefined {
    const { learner } = this.context;
    if (learner.attention === undefined) return undefined;
    const attention = learner.attention;
    const rows = new Int32Array(this.texts.length * this.length);
    this.texts.forEach(({ ids }, text) => {
      rows.set(ids, text * this.length);
    });
    return undisturbed(0, () => {
      const [shares] = attention(tf.tensor2d(rows, [this.texts.length, this.length], 'int32'));
      return shares?.rank === 2 ? shares.dataSync<'float32'>() : undefined;
    });
  }
}

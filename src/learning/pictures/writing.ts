/**
 * What a language model writes while it learns to: text drawn after the learner's prompt, the tokens that it expects next,
 * and what the tokens attend to.
 */
import type * as tf from '@tensorflow/tfjs';
import { columnOf, SOLE, valuesOf } from '../../lab/fields';
import { createRandom } from '../../lab/random';
import type { NextToken, PictureSettings, SamplingSettings } from '../../protocol/textPictures';
import { chancesOf, pickToken } from '../language/sampling';
import { scoresAfter, type Windows } from '../language/window';
import { answerOf } from '../training/batch';
import { attentionLayers } from './attention';
import type { Moment, TextContext } from './maker';
import { PacedMaker } from './paced';

/** Of the time while it trains. */
const SHARE = 100;
/** Tokens of the text, and how long they may take in milliseconds: as many as there is time for, but a few at least. */
const MOST_WRITTEN = 160;
const FEWEST_WRITTEN = 8;
const HURRIED_MS = 100;
const UNHURRIED_MS = 300;
/** Of the test text, before the learner has typed a prompt. */
const FIRST_PROMPT = 16;
const NEXT = 10;
/** Tokens whose attention is shown, the prompt's last ones and what was written behind them. */
const ATTENDING = 32;
const ATTENDING_PROMPT = 24;

export class WritingMaker extends PacedMaker<TextContext> {
  /** Tokens that the model sees at once. */
  private readonly length: number;
  private readonly vocabulary: readonly string[];
  private readonly windows: Windows;
  private settings: SamplingSettings;
  private prompt: Int32Array;
  private moment = { step: 0, epoch: 0 };
  /** Texts of this step with the same settings: another one begins with other random numbers. */
  private repeated = 0;

  constructor(context: TextContext) {
    super(context, SHARE);
    const { data, test, tokenizer } = context;
    this.length = data.inputShape[0] ?? 1;
    this.vocabulary = tokenizer.vocabulary;
    const { executor, fromLogits: isLogits } = context;
    const predict = (x: tf.Tensor): tf.Tensor => answerOf(executor.predict(x), SOLE);
    this.windows = { tokenizer, length: this.length, isLogits, predict };
    const column = columnOf(test, 'x', SOLE);
    const tokens = column === undefined ? [] : valuesOf(column).subarray(0, Math.min(FIRST_PROMPT, this.length));
    this.prompt = Int32Array.from(tokens);
    const prompt = tokenizer.decode(this.prompt);
    this.settings = { prompt, temperature: 0.8, topK: this.vocabulary.length, topP: 1 };
  }

  /** What is wrong with the learner's own `attention` is told before anything is trained. */
  override begin(step: number, epoch: number): void {
    this.context.executor.sync();
    attentionLayers(this.context.learner, this.window(this.prompt), 1);
    super.begin(step, epoch);
  }

  stepEnd(step: number, epoch: number): void {
    this.moment = { step, epoch };
    this.showIfDue(step, epoch);
  }

  set(settings: PictureSettings): void {
    if (settings.kind !== 'sampledText') return;
    const { prompt, temperature, topK, topP } = settings;
    this.prompt = this.context.tokenizer.encode(prompt);
    const before = JSON.stringify(this.settings);
    this.settings = { prompt, temperature, topK, topP };
    this.repeated = JSON.stringify(this.settings) === before ? this.repeated + 1 : 0;
    this.drawAt(this.moment.step, () => {
      this.drawText(UNHURRIED_MS);
    });
  }

  /** A model that cannot be asked gives no picture; the training goes on. */
  protected override draw(moment: Moment, isHurried: boolean): void {
    this.moment = moment;
    this.repeated = 0;
    try {
      this.drawText(isHurried ? HURRIED_MS : UNHURRIED_MS);
    } catch (error) {
      this.context.failed('sampledText', error);
    }
  }

  private drawText(milliseconds: number): void {
    const first = scoresAfter([...this.prompt], this.windows);
    const written = this.write(first, milliseconds);
    const all = [...this.prompt, ...written];
    const { tokenizer, emit, executor, learner } = this.context;
    emit({
      kind: 'sampledText',
      ...this.moment,
      settings: this.settings,
      text: tokenizer.decode(all).slice(tokenizer.decode(this.prompt).length),
      prompt: { tokens: this.prompt.length, seen: Math.min(this.prompt.length, this.length) },
      vocabulary: this.vocabulary.length,
      next: this.nextTokens(first),
    });
    const from = Math.max(0, this.prompt.length - Math.min(ATTENDING_PROMPT, this.length));
    const shown = all.slice(from, from + Math.min(ATTENDING, this.length));
    executor.sync();
    const layers = attentionLayers(learner, this.window(shown), shown.length);
    if (layers === undefined) return;
    emit({ kind: 'attention', ...this.moment, tokens: shown.map((id) => this.vocabulary[id] ?? ''), layers });
  }

  /** Draws token by token, from random numbers of its own: the same at the same step, whatever the settings. */
  private write(first: Float32Array, milliseconds: number): readonly number[] {
    const { now } = this.context;
    const random = createRandom(this.moment.step * 1_000_003 + this.repeated);
    const written: number[] = [];
    const start = now();
    for (let scores = first; ; scores = scoresAfter([...this.prompt, ...written], this.windows)) {
      written.push(pickToken(scores, this.settings, random));
      if (written.length === MOST_WRITTEN) return written;
      if (written.length >= FEWEST_WRITTEN && now() - start >= milliseconds) return written;
    }
  }

  private nextTokens(scores: Float32Array): readonly NextToken[] {
    const said = chancesOf(scores, { temperature: 1, topK: scores.length, topP: 1 });
    const chances = chancesOf(scores, this.settings);
    return [...said]
      .sort(([a, p], [b, q]) => q - p || a - b)
      .slice(0, NEXT)
      .map(([id, probability]) => ({ token: this.vocabulary[id] ?? '', probability, chance: chances.get(id) ?? 0 }));
  }

  /** The last tokens, as many as the model sees, padding behind them: nothing looks ahead. */
  private window(tokens: ArrayLike<number>): Int32Array {
    const row = new Int32Array(this.length);
    row.set(Array.from(tokens).slice(-this.length));
    return row;
  }
}

/** A chat with the language model that a run trains further: as it is now, and beside it as it was before. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { Chat, Frozen, Parameters } from '../../lab/experiment';
import type { GgufModel, Message } from '../../lab/models';
import type { PictureMaker } from '../../learning/pictures/maker';
import type { Executor } from '../../learning/training/executor';
import type { Learner } from '../../learning/training/learner';
import { toErrorData } from '../../protocol/errors';
import type { PictureData } from '../../protocol/pictures';
import type { ChatAnswer, ChatRequest, PictureSettings } from '../../protocol/textPictures';
import { headsOf } from '../language/heads';
import { chatBusy, chatTooLong, nothingSaid } from './check';

/** Tokens of an answer; who wants more says so. */
const MOST_TOKENS = 512;
/** Tokens kept free for an answer, at least. */
const ROOM = 16;
/** Words come in as they can be read. */
const TELL_MS = 100;
/** Tokens whose attention is shown, the last ones. */
const ATTENDING = 32;

type By = ChatAnswer['by'];
type Say = Extract<ChatRequest, { readonly ask: 'say' }>;
/** While it is written. */
type Draft = { -readonly [K in keyof ChatAnswer]: ChatAnswer[K] };

interface Turn {
  readonly said: string;
  readonly answers: Draft[];
}

export interface ChatContext {
  readonly chat: Chat;
  readonly executor: Pick<Executor, 'sync'>;
  /** Its weights are current after `executor.sync()`. */
  readonly learner: Pick<Learner, 'weights'>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly emit: (picture: PictureData) => void;
}

export class ConversationMaker implements PictureMaker {
  private moment = { step: 0, epoch: 0 };
  private turns: Turn[] = [];
  private system: string;
  private name = '';
  /** Of the answer that is written, or begun. */
  private answering: AbortController | undefined;
  /** The model with the weights of a step. */
  private trained: { readonly step: number; readonly model: GgufModel } | undefined;
  private isDisposed = false;

  constructor(private readonly context: ChatContext) {
    this.system = context.chat.system ?? '';
  }

  begin(step: number, epoch: number): void {
    this.moment = { step, epoch };
    this.tell();
  }

  stepEnd(step: number, epoch: number): void {
    this.moment = { step, epoch };
  }

  end(step: number, epoch: number): void {
    this.moment = { step, epoch };
    this.tell();
  }

  /**
   * Returns when an answer has begun; it then comes piece by piece.
   * @throws LabError CHAT_BUSY, CHAT_TOO_LONG, CHAT_EMPTY, what the learner's code throws
   */
  async set(settings: PictureSettings): Promise<void> {
    if (settings.kind !== 'conversation') return;
    switch (settings.ask) {
      case 'say':
        await this.say(settings);
        return;
      case 'stop':
        this.answering?.abort();
        return;
      case 'new':
        this.answering?.abort();
        this.turns = [];
        this.tell();
        return;
      case 'attention':
        await this.attend();
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.answering?.abort();
    // One that is asked right now is freed by who asks it.
    if (this.answering === undefined) this.free();
  }

  private free(): void {
    this.trained?.model.dispose();
    this.trained = undefined;
  }

  private async say(request: Say): Promise<void> {
    if (this.answering !== undefined) throw chatBusy();
    const stop = (this.answering = new AbortController());
    try {
      this.system = request.system;
      const models = await this.models(request.beside);
      const { step } = this.moment;
      const asked = models.map(({ by, model }) => {
        const messages = this.messages(by, request.text);
        const tokens = model.encodeChat(messages).length;
        const most = model.context - ROOM;
        if (tokens > most) throw chatTooLong(tokens, most);
        const answer: Draft = { by, step, text: '', tokens: 0 };
        return { model, messages, answer };
      });
      const turn = { said: request.text, answers: asked.map(({ answer }) => answer) };
      this.turns.push(turn);
      this.tell();
      void this.answer(asked, turn, request, stop);
    } catch (error) {
      this.done();
      throw error;
    }
  }

  /** The models write by turns, a token each, so that one can be compared with the other as they go. */
  private async answer(
    asked: readonly { readonly model: GgufModel; readonly messages: readonly Message[]; readonly answer: Draft }[],
    turn: Turn,
    { temperature, topP }: Say,
    stop: AbortController,
  ): Promise<void> {
    const options = { tokens: MOST_TOKENS, temperature, topP, seed: this.turns.length };
    let writing = asked.map(({ model, messages, answer }) => ({ answer, pieces: model.generate(messages, options) }));
    let told = this.context.now();
    while (writing.length > 0) {
      const going: typeof writing = [];
      for (const one of writing) if (await goOn(one.pieces, one.answer, stop.signal)) going.push(one);
      writing = going;
      if (this.context.now() - told < TELL_MS || !this.turns.includes(turn)) continue;
      told = this.context.now();
      this.tell();
    }
    this.done();
    this.tell();
  }

  private done(): void {
    this.answering = undefined;
    if (this.isDisposed) this.free();
  }

  /** The trained one, where the run changes something, and the one before. */
  private async models(beside: boolean): Promise<{ readonly by: By; readonly model: GgufModel }[]> {
    const { chat } = this.context;
    const before = { by: 'before', model: await chat.model() } as const;
    this.name = before.model.name;
    // Nothing has been trained into it yet.
    if (chat.merged === undefined || this.moment.step === 0) return [before];
    const trained = { by: 'trained', model: this.merged(before.model, chat.merged) } as const;
    return beside ? [trained, before] : [trained];
  }

  private merged(model: GgufModel, merge: NonNullable<Chat['merged']>): GgufModel {
    const { step } = this.moment;
    if (this.trained?.step === step) return this.trained.model;
    const { executor, learner } = this.context;
    executor.sync();
    const learned: Parameters = Object.fromEntries(learner.weights.map(({ name, tensor }) => [name, tensor]));
    const changes = tf.tidy(() => merge(learned, model.weights as Frozen));
    try {
      const changed = model.with(changes);
      this.free();
      this.trained = { step, model: changed };
      return changed;
    } finally {
      tf.dispose(changes);
    }
  }

  /** What a model reads: where it has not answered, the other's answer stands. */
  private messages(by: By, text: string, turns: readonly Turn[] = this.turns): Message[] {
    const messages: Message[] = this.system.trim() === '' ? [] : [{ role: 'system', content: this.system }];
    for (const { said, answers } of turns) {
      const answer = answers.find((one) => one.by === by) ?? answers[0];
      messages.push({ role: 'user', content: said }, { role: 'assistant', content: answer?.text ?? '' });
    }
    return [...messages, { role: 'user', content: text }];
  }

  /** The newest model reads the end of the conversation once more, so that it can be seen at it. */
  private async attend(): Promise<void> {
    if (this.answering !== undefined) throw chatBusy();
    const last = this.turns.at(-1);
    if (last === undefined) throw nothingSaid();
    this.answering = new AbortController();
    try {
      const [newest] = await this.models(false);
      if (newest === undefined) return;
      const { model, by } = newest;
      const answer = last.answers.find((one) => one.by === by) ?? last.answers[0];
      const messages = this.messages(by, last.said, this.turns.slice(0, -1));
      const tokens = [...model.encodeChat(messages), ...model.encode(answer?.text ?? '')].slice(-ATTENDING);
      const inside = await model.inside(tokens);
      this.context.emit({ kind: 'attention', ...this.moment, ...headsOf(inside, model.sizes) });
    } finally {
      this.done();
    }
  }

  private tell(): void {
    if (this.isDisposed) return;
    this.context.emit({
      kind: 'conversation',
      ...this.moment,
      model: this.name === '' ? l10n.t('the model') : this.name,
      system: this.system,
      isTrained: this.context.chat.merged !== undefined,
      isAnswering: this.answering !== undefined,
      turns: this.turns.map(({ said, answers }) => ({ said, answers: answers.map((one) => ({ ...one })) })),
    });
  }
}

/** One token further. @returns whether there may be more */
async function goOn(pieces: ReturnType<GgufModel['generate']>, answer: Draft, signal: AbortSignal): Promise<boolean> {
  const isStopped = (): boolean => signal.aborted;
  try {
    if (!isStopped()) {
      const { done, value } = await pieces.next();
      if (done !== true) {
        answer.text += value.text;
        answer.tokens++;
        if (!isStopped()) return true;
      } else {
        answer.end = answer.tokens >= MOST_TOKENS ? 'full' : 'ended';
        return false;
      }
    }
    answer.end = 'stopped';
    await pieces.return();
  } catch (error) {
    answer.end = 'failed';
    answer.message = toErrorData(error).message;
  }
  return false;
}

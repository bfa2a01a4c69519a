/** Pictures of models of text, and what a learner may set of them while they look. */

/** How text is drawn from a language model. */
export interface SamplingSettings {
  /** What the text begins with, at least one token. */
  readonly prompt: string;
  /** Scores are divided by it, 0 … 2; 0: always the likeliest token. */
  readonly temperature: number;
  /** So many of the likeliest tokens take part, at least 1; more than there are: all. */
  readonly topK: number;
  /** The likeliest tokens that have this probability together take part, above 0 and at most 1. */
  readonly topP: number;
}

/** What is asked of a picture: it is drawn anew at once. */
export type PictureSettings =
  | ({ readonly kind: 'sampledText' } & SamplingSettings)
  | ({ readonly kind: 'conversation' } & ChatRequest)
  | {
      readonly kind: 'wordEmbedding';
      /** Whose neighbours are shown: a token of the vocabulary. */
      readonly word: string;
    };

/** What a learner wishes of a chat with the model of a run. */
export type ChatRequest =
  | {
      readonly ask: 'say';
      /** More than blanks. */
      readonly text: string;
      /** What the model is told before the conversation; '' nothing. */
      readonly system: string;
      readonly temperature: number;
      readonly topP: number;
      /** Also the model as it was before the training answers. */
      readonly beside: boolean;
    }
  /** The answer ends where it is. */
  | { readonly ask: 'stop' }
  /** All that was said is forgotten. */
  | { readonly ask: 'new' }
  /** The attention while it reads the last tokens of the conversation comes as a picture of its own. */
  | { readonly ask: 'attention' };

/** A chat with the language model that a run trains further. */
export interface Conversation {
  readonly kind: 'conversation';
  readonly step: number;
  readonly epoch: number;
  /** What it is called. */
  readonly model: string;
  /** What it is told first, as long as the learner wishes nothing else. */
  readonly system: string;
  /** Whether the run changes it, so that before and after differ. */
  readonly isTrained: boolean;
  readonly isAnswering: boolean;
  readonly turns: readonly ChatTurn[];
  readonly summary: string;
}

/** What was said, and the answers to it: first of all the trained model's. */
export interface ChatTurn {
  readonly said: string;
  readonly answers: readonly ChatAnswer[];
}

export interface ChatAnswer {
  /** The model before the training, or after so many steps of it. */
  readonly by: 'before' | 'trained';
  readonly step: number;
  readonly text: string;
  readonly tokens: number;
  /** Absent while it is written: the model ended it, the learner did, it is as long as may be, or an error ended it. */
  readonly end?: 'ended' | 'stopped' | 'full' | 'failed';
  /** Of the error. */
  readonly message?: string;
}

/** What a language model writes after a prompt, and what it expects to follow the prompt. */
export interface SampledText {
  readonly kind: 'sampledText';
  readonly step: number;
  readonly epoch: number;
  readonly settings: SamplingSettings;
  /** What was written behind the prompt. */
  readonly text: string;
  /** Tokens of the prompt, and of them those that the model sees: its window ends with the prompt. */
  readonly prompt: { readonly tokens: number; readonly seen: number };
  /** Of all tokens that there are. */
  readonly vocabulary: number;
  /** The likeliest tokens behind the prompt, the likeliest first, as the vocabulary has them. */
  readonly next: readonly NextToken[];
  readonly summary: string;
}

export interface NextToken {
  readonly token: string;
  /** What the model says. */
  readonly probability: number;
  /** With which it is drawn under these settings; 0 where it takes no part. */
  readonly chance: number;
}

/** What the tokens of a text attend to, in each layer and head. */
export interface Attention {
  readonly kind: 'attention';
  readonly step: number;
  readonly epoch: number;
  /** As the vocabulary has them. */
  readonly tokens: readonly string[];
  /**
   * From the lowest layer on. weights: [heads, tokens, tokens], the share that the row's token gives the column's, 0 … 255,
   * base64.
   */
  readonly layers: readonly { readonly heads: number; readonly weights: string }[];
  /** Tokens of the text behind these, which are not shown. */
  readonly more?: number;
  readonly summary: string;
}

/** Which words decided what a model says of some test texts. */
export interface DecidingWords {
  readonly kind: 'decidingWords';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  /** The same ones each time. */
  readonly texts: readonly {
    /** Its row in the test data. */
    readonly index: number;
    readonly label: number;
    readonly predicted: number;
    /** Of the label, natural logarithm: −ln of its probability. */
    readonly loss: number;
    readonly words: readonly DecidingWord[];
  }[];
  readonly summary: string;
}

export interface DecidingWord {
  /** As the vocabulary has it. */
  readonly token: string;
  /** Of the same text without this word. */
  readonly lossWithout: number;
  /** The share that attention gives it; absent where the model does not pool by attention. */
  readonly attention?: number;
}

/** The table of vectors by which a model looks up its tokens: what lies beside a word, and a map of the frequent ones. */
export interface WordEmbedding {
  readonly kind: 'wordEmbedding';
  readonly step: number;
  readonly epoch: number;
  /** Of a model that classifies texts, else empty. */
  readonly classes: readonly string[];
  /** The learner's name of it, and how many numbers a vector has. */
  readonly table: { readonly name: string; readonly width: number };
  /** The word that was asked for, as the vocabulary has it. */
  readonly word: string;
  /** Nearest first. */
  readonly neighbours: readonly {
    readonly token: string;
    /** Cosine of the angle between the two vectors. */
    readonly cosine: number;
    /** The same before the first step; absent where the table is too large to be kept. */
    readonly before?: number;
  }[];
  /** Share of the mapped words' variance that lies in the plane of the map, 0 … 1. */
  readonly explained: number;
  /** The most frequent tokens of the test texts first, then what else is shown: the word and its neighbours. */
  readonly map: readonly MappedWord[];
  readonly summary: string;
}

export interface MappedWord {
  readonly token: string;
  /** In the plane of the two largest principal components of the frequent words, their mean at 0; same unit on both axes. */
  readonly x: number;
  readonly y: number;
  /** What the model says of a text of this word alone; absent where it does not classify. */
  readonly says?: { readonly class: number; readonly probability: number };
}

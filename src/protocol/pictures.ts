/** Pictures of a model's inside, as they are told, kept in a run's folder and drawn. */
import type { Attention, Conversation, DecidingWords, SampledText, WordEmbedding } from './textPictures';

/** Pictures of the model's inside. One of each kind is kept, the newest. */
export type Picture =
  | DecisionBoundary
  | ConfusionMatrix
  | WorstMistakes
  | Walkthrough
  | DropoutMasks
  | SizeStudy
  | ModelSizes
  | SampledText
  | Attention
  | DecidingWords
  | Conversation
  | WordEmbedding;
export type PictureKind = Picture['kind'];
/** As the core makes it: the sentence that says what it shows is added by whoever tells it (words/pictures). */
export type PictureData = {
  readonly [K in PictureKind]: Omit<Extract<Picture, { readonly kind: K }>, 'summary'>;
}[PictureKind];

/**
 * What both models reach with how many training examples: after the training, each is trained afresh for each size
 * (`sizes` of the experiment). Told anew after each size.
 */
export interface SizeStudy {
  readonly kind: 'sizeStudy';
  /** Of the training before. */
  readonly step: number;
  readonly epoch: number;
  readonly metric: 'val_accuracy' | 'val_loss';
  /** What the experiment is called, and what the model to compare with is. */
  readonly label: string;
  readonly referenceLabel: string;
  /** Rising by examples. null where the loss was no finite number. */
  readonly rows: readonly {
    readonly examples: number;
    readonly epochs: number;
    readonly value: number | null;
    readonly reference: number | null;
  }[];
  readonly summary: string;
}

/** y = factor · x^(−exponent). */
export interface PowerLaw {
  readonly exponent: number;
  readonly factor: number;
}

/**
 * What models of several sizes reach: after the training, each is trained afresh on the same data from the same seed
 * (`modelSizes` of the experiment). Told anew after each of them.
 */
export interface ModelSizes {
  readonly kind: 'modelSizes';
  /** Of the training before. */
  readonly step: number;
  readonly epoch: number;
  /** In the order in which they were trained. */
  readonly rows: readonly {
    readonly label: string;
    /** Trainable and other parameters. */
    readonly parameters: number;
    /** Floating-point operations of the whole training: three times those of the products of its forward passes. */
    readonly flops: number;
    readonly seconds: number;
    /** val_loss at the end; null where the loss was no finite number. */
    readonly value: number | null;
    /** val_loss after each epoch, against the operations so far. */
    readonly curve: readonly { readonly flops: number; readonly value: number }[];
  }[];
  /** Of val_loss: against parameters, at the end; against operations, of the lowest that each number of them gave. */
  readonly laws: { readonly parameters?: PowerLaw; readonly flops?: PowerLaw };
  /** Exponents that others have measured, where the data is text. */
  readonly published?: readonly { readonly source: string; readonly parameters: number; readonly flops: number }[];
  readonly summary: string;
}

export interface DecisionBoundary {
  readonly kind: 'decisionBoundary';
  readonly step: number;
  readonly epoch: number;
  /** Side of the square grid. */
  readonly size: number;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly classes: readonly string[];
  /** Probability of each class at each grid point, 0..255, row-major from the lowest y, [size·size·classes], base64. */
  readonly probabilities: string;
  /** A sample of the test data to draw on top. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly label: number }[];
  /** One sentence that says what the picture shows. */
  readonly summary: string;
}

export interface ConfusionMatrix {
  readonly kind: 'confusionMatrix';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  /** counts[true class][predicted class] over the test set. */
  readonly counts: readonly (readonly number[])[];
  readonly summary: string;
}

export interface WorstMistakes {
  readonly kind: 'worstMistakes';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Of all mistakes on the test set. */
  readonly count: number;
  /** The most confident errors on the test set, worst first. */
  readonly items: readonly {
    readonly index: number;
    readonly label: number;
    readonly predicted: number;
    /** Probability given to the wrong class. */
    readonly confidence: number;
    /** height·width·channels bytes, base64. */
    readonly pixels: string;
  }[];
  readonly summary: string;
}

/** A test example that a picture is about. */
export interface PicturedExample {
  /** Its row in the test data. */
  readonly index: number;
  /** Class index, or the target itself where there are no classes. */
  readonly label: number;
  /** The most probable class; null where there are no classes or no output. */
  readonly predicted: number | null;
  /** Absent where the data are not pictures. */
  readonly image?: {
    readonly width: number;
    readonly height: number;
    readonly channels: 1 | 3;
    /** height·width·channels bytes, base64. */
    readonly pixels: string;
  };
}

/** One test example on its way through a functional model to the loss and back, operation by operation. */
export interface Walkthrough {
  readonly kind: 'walkthrough';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  readonly example: PicturedExample;
  /** In the order of computing; what is not computed (input, labels, parameters, constants) before its first use. */
  readonly nodes: readonly WalkNode[];
  /** True when the loss depends on the parameters, so that gradients flow back. */
  readonly connected: boolean;
  readonly stops: WalkStops;
  readonly summary: string;
}

/** Where the learner's code, or TensorFlow with it, could not go on. */
export interface WalkStops {
  readonly forward?: WalkStop;
  readonly backward?: WalkStop;
  /** In the learner's own `gradients`. */
  readonly gradients?: WalkStop;
  /** The model computes more operations than this. */
  readonly tooLong?: number;
}

export type WalkStop =
  | { readonly reason: 'thrown'; readonly message: string }
  /** `forward` gave no tensor. */
  | { readonly reason: 'noOutput' };

export interface WalkNode {
  /** Place in `nodes`. */
  readonly id: number;
  readonly kind: 'input' | 'target' | 'parameter' | 'constant' | 'operation';
  readonly role?: 'output' | 'loss';
  /** What formulas call it: z with the index 1, or a parameter by the learner's own name. */
  readonly symbol: { readonly base: string; readonly sub?: string };
  /** Of an operation: the name of TensorFlow.js's kernel and its arguments, tensors as places in `nodes`. */
  readonly operation?: {
    readonly kernel: string;
    readonly inputs: readonly number[];
    readonly attributes: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  };
  readonly shape: readonly number[];
  /** Flat index of each of the few elements whose numbers are given. */
  readonly picked: readonly number[];
  readonly value: TensorSample;
  /** ∂L/∂node by TensorFlow; absent where nothing flows back. */
  readonly gradient?: TensorSample;
  /** A parameter's gradient by the learner's own code. */
  readonly own?: {
    readonly gradient: TensorSample;
    /**
     * Largest difference from TensorFlow's, over the largest element of TensorFlow's; null without the latter, and where
     * it is no finite number: TensorFlow's is zero everywhere and this is not, or one of the two is not finite.
     */
    readonly difference: number | null;
  };
}

/** Part of a tensor's numbers. What is not finite is null. */
export interface TensorSample {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Elements floor(i · size / n) for i from 0 to n − 1, n = min(size, 1024): float32, little-endian, base64. */
  readonly strip: string;
  /** In the order of the node's `picked`. */
  readonly picked: readonly (number | null)[];
}

/** What dropout drops: the masks of one test example in several passes through the model in training mode. */
export interface DropoutMasks {
  readonly kind: 'dropoutMasks';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  readonly example: PicturedExample;
  /** In the order of the forward pass. */
  readonly layers: readonly MaskedLayer[];
  readonly summary: string;
}

export interface MaskedLayer {
  /** The dropout layer's name; empty in a model without layers. */
  readonly name: string;
  /** Elements of the mask for one example. */
  readonly units: number;
  /** One string a pass, a character a unit: 1 kept, 0 dropped. At most 256 units. */
  readonly masks: readonly string[];
  /** Share of zeros among all units in all of `passes`. */
  readonly dropped: number;
  /** What a kept activation is multiplied by. */
  readonly scale: number;
  /** How many passes were averaged for `dropped` and the following. */
  readonly passes: number;
  /** Mean over all units: after the dropout in training, and at the same place at test time. Absent if not found there. */
  readonly means?: { readonly training: number; readonly test: number };
  /** The units most active at test time; `training` is the mean over the passes. */
  readonly activations: readonly { readonly unit: number; readonly training: number; readonly test: number }[];
}

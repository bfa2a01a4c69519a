/** The data sets that an experiment can use. Each call describes one; its numbers come when training asks for them. */
export { cifar10 } from './cifar10';
export type { Cifar10Options } from './cifar10';
export { fashionMnist, mnist } from './mnist';
export type { MnistOptions } from './mnist';
export { circles, gaussians, moons, spirals, xor } from './plane';
export type { CirclesOptions, GaussiansOptions, SpiralsOptions } from './plane';
export type { PointsOptions } from './points';
export { conversations } from './text/conversations';
export type { Conversation, ConversationsDataset, ConversationsOptions } from './text/conversations';
export { text } from './text/longText';
export type { LongTextDataset, PackedTextName, TextOptions } from './text/longText';
export type { PackedTextsOptions } from './text/packedTexts';
export { poets } from './text/poets';
export { reviews } from './text/reviews';
export type { ReviewsOptions } from './text/reviews';
export { texts } from './text/texts';
export type { Labelled, TextDataset, TextSplits, TextsOptions, TokenOptions } from './text/texts';
export type { VectorsName } from './text/vectors';

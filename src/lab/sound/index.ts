/** The front end of speech: what is computed of a wave before a network sees it. Functions of tensors, with gradients. */
export { hertzOfMel, logMel, melFilters, melOfHertz } from './mel';
export type { LogMelOptions, MelOptions, MelScale } from './mel';
export { spectrogram } from './spectrogram';
export type { FrameOptions } from './spectrogram';

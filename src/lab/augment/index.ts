/** How training examples are changed by chance, each time anew: `augment: [augment.flip(), augment.crop(4)]`. */
export type { Augmentation } from './augmentation';
export { crop, flip, rotate } from './geometry';
export { mixup } from './mixup';
export { noise, timeMask } from './values';

export const rate = 0.5;

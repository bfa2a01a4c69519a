// mistake: tooSmall
export const rate = 0.1;

// mistake: tooLarge
export const rate = 0.85;

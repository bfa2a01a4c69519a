// mistake: percent
export const rate = 50;

/** Numbers that the main thread writes: a count of its seconds, and 1 while a model file is at work. */
export const PULSE = { beats: 0, working: 1, length: 2 } as const;

/** Numbers that the main thread writes: a count of its seconds, 1 while a model file is at work, and which cell that is. */
export const PULSE = { beats: 0, working: 1, cell: 2, length: 3 } as const;

/** The symbol of what answers, on the main thread, where a stack lies in the learner's files. */
export const PLACES = 'deep-learning-lab.places';

/** A cell's ticket as one of these numbers; 0 is none. */
export function ticketNumber(ticket: string | undefined): number {
  let number = 0;
  for (const character of ticket ?? '') number = (Math.imul(number, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return ticket === undefined ? 0 : number || 1;
}

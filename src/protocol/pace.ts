/**
 * How often a run that trains is told about, from the trainer through the extension host to the picture, in
 * milliseconds. What VS Code and its browser do with the news is taken from the training: with few processors news is
 * rarer, and all of it comes at once, so that one picture shows it all. What the user does is shown at once.
 */
const LONGEST = 1000;
const SHORTEST = 100;
/** Times a second, for each processor. */
const RATE = 0.5;

export function newsInterval(processors: number): number {
  return Math.min(LONGEST, Math.max(SHORTEST, 1000 / (RATE * processors)));
}

/**
 * How often a run that trains is told about, from the trainer through the extension host to the picture, in
 * milliseconds. What VS Code and its browser do with the news is taken from the training: with few processors news is
 * rarer, and all of it comes at once, so that one picture shows it all. What the user does is shown at once.
 *
 * A curve moves most where it begins, and a small network is done in a few seconds: news is frequent at first, and the
 * pauses grow with the run to a quarter of its age.
 */
const LONGEST = 1000;
export const SHORTEST_NEWS = 100;
/** Times a second, for each processor. */
const RATE = 0.5;
/** Of a run's age. */
const PAUSE = 0.25;

/** @param age of the run, in milliseconds */
export function newsInterval(processors: number, age = Infinity): number {
  const rare = Math.min(LONGEST, 1000 / (RATE * processors));
  return Math.max(SHORTEST_NEWS, Math.min(rare, PAUSE * age));
}

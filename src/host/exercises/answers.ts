import type { Exercise } from '../../protocol/exercise';
import { textOf } from '../app/documents';

/** What the declarations of exercises are now, as hashes: tells which verdicts are of an older text. */
export class Answers {
  /** By lesson and exercise; undefined: its declaration is gone. A lesson without a working copy has no entries. */
  private readonly hashes = new Map<string, string | undefined>();

  /** Looks at a lesson's exercises again. Returns those whose answer is another than when it was last looked at. */
  async look(exercises: readonly Exercise[], modelFile: string): Promise<readonly Exercise[]> {
    const text = await textOf(modelFile);
    const before = exercises.map((exercise) => this.known(exercise));
    for (const exercise of exercises) this.hashes.delete(keyOf(exercise));
    if (text !== undefined) {
      const { answerHashes } = await import('../../client/exercises/answer');
      const names = exercises.map(({ name }) => name);
      const found = answerHashes(text, names);
      for (const exercise of exercises) this.hashes.set(keyOf(exercise), found.get(exercise.name));
    }
    return exercises.filter((exercise, index) => this.known(exercise) !== before[index]);
  }

  /** Whether the answer is another than the one with this hash. False where there is no working copy. */
  differs(exercise: Exercise, graded: string | undefined): boolean {
    return this.hashes.has(keyOf(exercise)) && this.hashes.get(keyOf(exercise)) !== graded;
  }

  private known(exercise: Exercise): string {
    return this.hashes.has(keyOf(exercise)) ? (this.hashes.get(keyOf(exercise)) ?? 'gone') : 'none';
  }
}

const keyOf = ({ lesson, id }: Exercise): string => `${lesson}/${id}`;

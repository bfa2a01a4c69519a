/** How a check says that an answer is not right: never the answer, always what it was held against. */

export interface Failure {
  /** A typical mistake that was recognised: its key under `mistakes` in exercise.md. */
  readonly mistake?: string;
  /** What is wrong in general, in the user's language, where no typical mistake was recognised. */
  readonly message?: string;
  readonly expected?: string;
  readonly found?: string;
  /** The input that shows it. */
  readonly input?: string;
}

/** Thrown by the assertions in checks; everything else that a check throws comes from the learner's code or is a fault. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  constructor(readonly data: Failure) {
    super(data.message ?? data.mistake ?? 'not right');
  }
}

export function fail(failure: Failure): never {
  throw new CheckFailure(failure);
}

/** Thrown by a step whose guarded output (usually the loss) is not finite; no variable has changed then. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError';
  constructor() {
    super('The guarded output of the step is not finite.');
  }
}

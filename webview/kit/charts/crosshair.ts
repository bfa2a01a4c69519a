/** One position on the x axis that all charts point at together. */
export interface Pointing {
  /** Position on the axis. */
  readonly x: number;
  /** The chart that the pointer or the keyboard is in: it shows the values. */
  readonly source: object;
}

export class Crosshair {
  readonly #listeners = new Set<() => void>();
  #pointing: Pointing | undefined;

  get pointing(): Pointing | undefined {
    return this.#pointing;
  }

  /** Returns what ends the listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  point(pointing: Pointing | undefined): void {
    if (pointing === undefined && this.#pointing === undefined) return;
    this.#pointing = pointing;
    for (const listener of this.#listeners) listener();
  }
}

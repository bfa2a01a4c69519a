/** A class by its name; a target without classes is its own name. */
export function nameOfClass(classes: readonly string[], index: number): string {
  return classes[index] ?? String(index);
}

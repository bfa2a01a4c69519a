import assert from 'node:assert/strict';

/**
 * Looks again and again until `found` gives something. The limit is a guard against hanging, not a measure: what
 * passes on a quick machine passes on a slow one.
 */
export async function eventually<T>(
  found: () => T | undefined | Promise<T | undefined>,
  what: string,
  seconds = 60,
  everyMs = 25,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await found();
    if (value !== undefined) return value;
    if (Date.now() > deadline) assert.fail(`${what}: not within ${String(seconds)} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

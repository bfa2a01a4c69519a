/** Taken when this module is loaded: a model file may replace the global one. */
const { setImmediate } = globalThis;

/** Lets waiting messages in. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

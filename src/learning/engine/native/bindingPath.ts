/**
 * Answers tfjs-node's question where its native binding lies. esbuild puts this module in the place of
 * `@mapbox/node-pre-gyp`, of which tfjs-node calls `find` once, while it loads.
 */
let bindingPath: string | undefined;

export function setBindingPath(file: string): void {
  bindingPath = file;
}

/** The function tfjs-node calls. */
export function find(): string {
  if (bindingPath === undefined)
    throw new Error('tfjs-node was loaded before an engine was chosen (see engine/load.ts).');
  return bindingPath;
}

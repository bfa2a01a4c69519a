import type { LanguageModel } from '.';

/** What loads models, each named as the function of `models` that asks for it. */
export interface ModelLoaders {
  readonly gguf: (file: string | undefined) => Promise<LanguageModel>;
  readonly run: (run: string) => Promise<LanguageModel>;
}

let served: ModelLoaders | undefined;

/** Called once by the process that has an engine. */
export function serveModels(loaders: ModelLoaders): void {
  served = loaders;
}

export function servedModels(): ModelLoaders {
  if (served === undefined) throw new Error('No engine was loaded.');
  return served;
}

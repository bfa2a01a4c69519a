import type { GgufModel, LanguageModel } from './languageModel';

/** What loads models, each named as the function of `models` that asks for it. */
export interface ModelLoaders {
  /** @param progress told the share of what is read, 0 … 1; default: shown by the cell that calls, if one does */
  readonly gguf: (file?: string, progress?: (share: number) => void) => Promise<GgufModel>;
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

import type { LanguageModel } from '.';

type LoadModel = (file: string | undefined) => Promise<LanguageModel>;

let served: LoadModel | undefined;

/** Called once by the process that has an engine. */
export function serveModels(load: LoadModel): void {
  served = load;
}

export function servedModels(): LoadModel {
  if (served === undefined) throw new Error('No engine was loaded.');
  return served;
}

/** Reads a model file's text: pure and quick, nothing of it is run. Half-typed code is read as far as it makes sense. */
import type { Analysis } from './analysis';
import { scan } from './scan';
import { readSyntax } from './syntax';

export function analyse(text: string): Analysis {
  return readSyntax(text) ?? scan(text);
}

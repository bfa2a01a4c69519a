/** Ways to make numbers of a text. Each call describes one; `train` chooses its vocabulary by what texts have. */
export { bytePairs } from './bytePairs';
export type { BytePairOptions } from './bytePairs';
export { characters, words } from './pieces';
export type { VocabularyOptions } from './pieces';
export { pad } from './tokenizer';
export type { Tokenizer, TokenizerPlan } from './tokenizer';

/** Loads language models of GGUF files for the code of this process: one copy of each, however often it is asked for. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { checkInteger } from '../../lab/check';
import { ggufMissing } from '../../lab/gguf/errors';
import { GgufFile } from '../../lab/gguf/file';
import { llamaShape, weightBytes } from '../../lab/gguf/llama';
import type { LlamaShape } from '../../lab/gguf/shape';
import { GgufTokenizer } from '../../lab/gguf/tokenizer';
import type { LanguageModel } from '../../lab/models';
import { generate, ggufAuthor, Reader } from '../../learning/language/generate';
import { Llama } from '../../learning/language/llama';
import { LabError } from '../../protocol/errors';
import { callingCell } from '../kernel/context';
import { checkedGeneration, fittingPrompt } from './prompt';

const MB = 2 ** 20;
/** What a run needs beside the weights: the cache of keys and values, and the largest matrix once more while it is read. */
const BESIDE_MB = 256;

export interface ModelPlaces {
  /** What set-up brings. */
  readonly languageModel: string;
  /** The process is ended above it. */
  readonly memoryLimitMB: number;
}

/** What `models.gguf` is here. */
export function ggufLoader({ languageModel, memoryLimitMB }: ModelPlaces): (file?: string) => Promise<LanguageModel> {
  const loaded = new Map<string, Promise<LanguageModel>>();
  return async (file) => {
    if (file === undefined && !fs.existsSync(languageModel)) {
      throw ggufMissing(
        'SmolLM2',
        l10n.t('it is not on this machine'),
        l10n.t("Run the command 'Get Language Model' (in a terminal: 'npm run setup -- --only languageModel')."),
      );
    }
    const base = callingCell()?.request.notebook;
    const resolved =
      file === undefined ? languageModel : path.resolve(base === undefined ? '.' : path.dirname(base), file);
    const forget = (): boolean => loaded.delete(resolved);
    const model = loaded.get(resolved) ?? load(resolved, memoryLimitMB, forget);
    loaded.set(resolved, model);
    try {
      return await model;
    } catch (error) {
      forget();
      throw error;
    }
  };
}

async function load(file: string, memoryLimitMB: number, disposed: () => void): Promise<LanguageModel> {
  const open = await GgufFile.open(file);
  try {
    const shape = llamaShape(open);
    const tokenizer = new GgufTokenizer(open, shape.vocabulary);
    requireMemory(file, shape, memoryLimitMB);
    const llama = await Llama.load(shape, async (name) => {
      const tensor = open.tensors.get(name);
      if (tensor === undefined) throw new Error(`${name} is not in the file.`);
      return await open.read(tensor);
    });
    const name = open.metadata.get('general.name');
    return modelOf(typeof name === 'string' ? name : path.basename(file), llama, tokenizer, disposed);
  } finally {
    await open.close();
  }
}

/** @throws LabError GGUF_MEMORY before anything large is read */
function requireMemory(file: string, shape: LlamaShape, memoryLimitMB: number): void {
  const needed = Math.ceil(weightBytes(shape) / MB) + BESIDE_MB;
  const left = Math.floor(memoryLimitMB - process.memoryUsage.rss() / MB);
  const available = Math.min(left, Math.floor(process.availableMemory() / MB));
  if (needed <= available) return;
  const [expected, found] = [l10n.t('{0} MB of memory', needed), l10n.t('{0} MB', available)];
  throw new LabError({
    code: 'GGUF_MEMORY',
    message: l10n.t('{0} does not fit into memory: it needs {1}, and there are {2}.', file, expected, found),
    expected,
    found,
    remedy: l10n.t('Close other programs and kernels, raise the limit in the settings, or take a smaller model.'),
  });
}

function modelOf(name: string, llama: Llama, tokenizer: GgufTokenizer, disposed: () => void): LanguageModel {
  const { context, vocabulary } = llama.shape;
  const reader = new Reader(llama);
  const author = ggufAuthor(reader, tokenizer);
  return {
    name,
    vocabulary,
    context,
    encode: (text) => tokenizer.encode(text),
    decode: (tokens) => tokenizer.decode(tokens),
    async *generate(prompt, options = {}) {
      const tokens = typeof prompt === 'string' ? tokenizer.encode(prompt) : tokenizer.encodeChat(prompt);
      yield* generate(author, fittingPrompt(tokens, context - 1), checkedGeneration(options, vocabulary));
    },
    scores: async (tokens) => {
      for (const token of tokens) checkInteger('scores: tokens', token, { min: 0, max: vocabulary - 1 });
      return await reader.scores(fittingPrompt([...tokens], context - 1));
    },
    dispose: () => {
      disposed();
      llama.dispose();
    },
  };
}

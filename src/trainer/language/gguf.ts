/** Loads language models of GGUF files for the code of this process: one copy of each, however often it is asked for. */
import type * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { checkInteger, invalid } from '../../lab/check';
import { checkTensors } from '../../lab/checkTensors';
import { ggufMissing } from '../../lab/gguf/errors';
import { GgufFile } from '../../lab/gguf/file';
import { llamaShape, weightBytes } from '../../lab/gguf/llama';
import type { LlamaShape } from '../../lab/gguf/shape';
import { GgufTokenizer } from '../../lab/gguf/tokenizer';
import { display } from '../../lab/cells/display';
import type { GgufModel, Inside } from '../../lab/models';
import type { ModelLoaders } from '../../lab/models/serve';
import { currentEngine } from '../../learning/engine/port';
import { generate, ggufAuthor, Reader } from '../../learning/language/generate';
import { MOST_INSIDE } from '../../learning/language/inside';
import { loadModel } from '../../learning/language/load';
import type { LanguageModel } from '../../learning/language/model';
import { TEXT_MIME } from '../../protocol/display';
import { LabError } from '../../protocol/errors';
import { callingCell } from '../kernel/context';
import { MB, memoryLeftMB } from '../memory';
import { headsDisplay } from './heads';
import { checkedGeneration, checkedMessages, checkedText, fittingPrompt } from './prompt';

/** What a run needs beside the weights: the cache of keys and values, and the largest matrix once more while it is read. */
const BESIDE_MB = 256;
/** WebAssembly has addresses for 4 GB, of which a training on the model needs some. */
const WASM_MB = 3072;
/** What set-up brings; its file has a name that its makers gave it among themselves. */
const SMOLLM2 = 'SmolLM2-135M-Instruct';

export interface ModelPlaces {
  /** What set-up brings. */
  readonly languageModel: string;
  /** The process is ended above it. */
  readonly memoryLimitMB: number;
}

/** What `models.gguf` is here. */
export function ggufLoader({ languageModel, memoryLimitMB }: ModelPlaces): ModelLoaders['gguf'] {
  const loaded = new Map<string, Promise<GgufModel>>();
  return async (file, progress) => {
    if (file === undefined && !fs.existsSync(languageModel)) {
      throw ggufMissing(
        SMOLLM2,
        l10n.t('nothing at {0}', languageModel),
        l10n.t("Run the command 'Get Language Model' (in a terminal: 'npm run setup -- --only languageModel')."),
      );
    }
    const base = callingCell()?.request.notebook;
    const resolved =
      file === undefined ? languageModel : path.resolve(base === undefined ? '.' : path.dirname(base), file);
    const forget = (): boolean => loaded.delete(resolved);
    const known = resolved === languageModel ? SMOLLM2 : undefined;
    const model = loaded.get(resolved) ?? load(resolved, known, memoryLimitMB, progress ?? shownProgress(), forget);
    loaded.set(resolved, model);
    try {
      return await model;
    } catch (error) {
      forget();
      throw error;
    }
  };
}

type Progress = (share: number, bytes: number) => void;

/** A line below the running cell that says how far it is. Nothing elsewhere. */
function shownProgress(): Progress {
  const cell = callingCell();
  let id: string | undefined;
  let told = -1;
  return (share, bytes) => {
    const tenths = Math.floor(10 * share);
    if (cell === undefined || tenths === told) return;
    told = tenths;
    const size = l10n.t('{0} MB', Math.ceil(bytes / MB));
    const text =
      share < 1
        ? l10n.t('Reading the language model into memory, {0}: {1} %', size, 10 * tenths)
        : l10n.t('The language model is in memory: {0}.', size);
    id = cell.show({ [TEXT_MIME]: text }, id);
  };
}

/** @param known what it is called, whatever its file says */
async function load(
  file: string,
  known: string | undefined,
  memoryLimitMB: number,
  progress: Progress,
  disposed: () => void,
): Promise<GgufModel> {
  const open = await GgufFile.open(file);
  try {
    const shape = llamaShape(open);
    const tokenizer = new GgufTokenizer(open, shape.vocabulary);
    requireMemory(file, shape, memoryLimitMB);
    const bytes = weightBytes(shape);
    const llama = await loadModel(
      shape,
      async (name) => {
        const tensor = open.tensors.get(name);
        if (tensor === undefined) throw new Error(`${name} is not in the file.`);
        return await open.read(tensor, callingCell()?.signal);
      },
      (share) => {
        progress(share, bytes);
      },
    );
    progress(1, bytes);
    const own = open.metadata.get('general.name');
    const name = known ?? (typeof own === 'string' ? own : path.basename(file));
    return modelOf(name, llama, tokenizer, disposed);
  } finally {
    await open.close();
  }
}

/** @throws LabError GGUF_MEMORY before anything large is read */
function requireMemory(file: string, shape: LlamaShape, memoryLimitMB: number): void {
  const needed = Math.ceil(weightBytes(shape) / MB) + BESIDE_MB;
  const left = memoryLeftMB(memoryLimitMB);
  const available = currentEngine().kind === 'wasm' ? Math.min(left, WASM_MB) : left;
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

function modelOf(name: string, own: LanguageModel, tokenizer: GgufTokenizer, disposed: () => void): GgufModel {
  const { shape } = own;
  const { context, vocabulary, layers, heads } = shape;
  const reader = new Reader(own);
  const author = ggufAuthor(reader, tokenizer);
  let weights: Record<string, tf.Variable> | undefined;
  let isDisposed = false;
  const alive = (): LanguageModel => {
    if (!isDisposed) return own;
    throw invalid({
      field: name,
      expected: l10n.t('a model in memory'),
      found: l10n.t('one that was disposed'),
      remedy: l10n.t('Load it again.'),
    });
  };
  const checkedTokens = (field: string, tokens: readonly number[]): number[] => {
    for (const token of tokens) checkInteger(field, token, { min: 0, max: vocabulary - 1 });
    return [...tokens];
  };
  const weightsOf = (): Record<string, tf.Variable> => (weights ??= alive().weights());
  return {
    name,
    vocabulary,
    context,
    sizes: shape,
    get weights() {
      return weightsOf();
    },
    get cache() {
      const { capacity, bytesEach } = own.cache;
      return { positions: own.position, capacity, bytesEach, bytes: capacity * bytesEach };
    },
    encode: (text) => tokenizer.encode(checkedText('encode: text', text)),
    encodeChat: (messages) => tokenizer.encodeChat(checkedMessages('encodeChat: messages', messages)),
    decode: (tokens) => tokenizer.decode(tokens),
    fragments: (text) => {
      const tokens = typeof text === 'string' ? tokenizer.encode(text) : checkedTokens('fragments: tokens', text);
      return tokens.map((token) => tokenizer.fragment(token));
    },
    async *generate(prompt, options = {}) {
      alive();
      const tokens =
        typeof prompt === 'string'
          ? tokenizer.encode(prompt)
          : tokenizer.encodeChat(checkedMessages('generate: prompt', prompt));
      yield* generate(author, fittingPrompt(tokens, context - 1), checkedGeneration(options, vocabulary));
    },
    scores: async (tokens) => {
      alive();
      return await reader.scores(fittingPrompt(checkedTokens('scores: tokens', tokens), context - 1));
    },
    inside: async (text) => {
      alive();
      const given = typeof text === 'string' ? tokenizer.encode(text) : checkedTokens('inside: tokens', text);
      const tokens = fittingPrompt(given, Math.min(MOST_INSIDE, context));
      const reading = await reader.inside(tokens, (token) => tokenizer.fragment(token));
      const below = (field: string, value: unknown, max: number): number =>
        checkInteger(`inside: ${field}`, value, { min: 0, max });
      const place = (position: unknown = tokens.length - 1): number => below('position', position, tokens.length - 1);
      const count = (top: unknown): number => checkInteger('inside: top', top, { min: 1, max: vocabulary });
      const inside: Inside = {
        [display]: () => headsDisplay(inside, shape),
        fragments: tokens.map((token) => tokenizer.fragment(token)),
        attention: (layer, head) => {
          if (layer !== undefined) below('layer', layer, layers - 1);
          if (head !== undefined) below('head', head, heads - 1);
          return reading.attention(layer, head);
        },
        hidden: (after) => reading.hidden(below('layers', after, layers)),
        lens: ({ position, top = 1, of } = {}) => {
          alive();
          if (of !== undefined) below('of', of, vocabulary - 1);
          return reading.lens(place(position), count(top), of);
        },
        next: ({ position, top = 10 } = {}) => (alive(), reading.next(place(position), count(top))),
      };
      return inside;
    },
    with: (changed) => {
      const known = weightsOf();
      for (const [key, tensor] of Object.entries(checkTensors(changed, 'with'))) {
        const expected = known[key]?.shape.join(' × ');
        if (expected === undefined)
          throw invalid({ field: `with: ${key}`, expected: l10n.t('a name of its weights'), found: key });
        const found = tensor.shape.join(' × ');
        if (found !== expected) throw invalid({ field: `with: ${key}`, expected, found });
      }
      return modelOf(name, alive().with(changed), tokenizer, () => undefined);
    },
    dispose: () => {
      if (isDisposed) return;
      isDisposed = true;
      disposed();
      own.dispose();
      for (const variable of Object.values(weights ?? {})) variable.dispose();
    },
  };
}

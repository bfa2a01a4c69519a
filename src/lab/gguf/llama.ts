/** A model of the LLaMA family in a GGUF file: its sizes, and its weights one by one. */
import * as l10n from '@vscode/l10n';
import { ggufInconsistent, ggufUnsupported } from './errors';
import type { GgufFile } from './file';
import type { LlamaShape } from './shape';

const ARCHITECTURE = 'llama';

/**
 * What the file says of its model, held against its tensors: each is there and has the shape that the sizes ask for.
 * @throws LabError GGUF_UNSUPPORTED, GGUF_INCONSISTENT
 */
export function llamaShape(file: GgufFile): LlamaShape {
  const { path, metadata } = file;
  const architecture = metadata.get('general.architecture');
  if (architecture !== ARCHITECTURE) {
    const found = architecture === undefined ? l10n.t('none') : JSON.stringify(architecture);
    throw ggufUnsupported(path, l10n.t('the architecture "{0}"', ARCHITECTURE), found);
  }
  const number = (key: string, otherwise?: number): number => {
    const value = metadata.get(`${ARCHITECTURE}.${key}`) ?? otherwise;
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
    throw ggufInconsistent(path, l10n.t('{0}.{1} above 0', ARCHITECTURE, key), String(value ?? l10n.t('none')));
  };
  const whole = (key: string, otherwise?: number): number => {
    const value = number(key, otherwise);
    if (Number.isInteger(value)) return value;
    throw ggufInconsistent(path, l10n.t('{0}.{1} a whole number', ARCHITECTURE, key), String(value));
  };
  const [width, heads] = [whole('embedding_length'), whole('attention.head_count')];
  const keyValueHeads = whole('attention.head_count_kv', heads);
  const headWidth = whole('attention.key_length', width / heads);
  const shape: LlamaShape = {
    layers: whole('block_count'),
    width,
    heads,
    keyValueHeads,
    headWidth,
    hidden: whole('feed_forward_length'),
    vocabulary: file.tensors.get('token_embd.weight')?.shape[0] ?? 0,
    context: whole('context_length'),
    ropeBase: number('rope.freq_base', 10_000),
    ropeWidth: whole('rope.dimension_count', headWidth),
    epsilon: number('attention.layer_norm_rms_epsilon'),
    isTied: !file.tensors.has('output.weight'),
  };
  if (heads % keyValueHeads !== 0)
    throw ggufInconsistent(path, l10n.t('a number of heads that {0} divides', keyValueHeads), String(heads));
  if (headWidth % 2 !== 0 || shape.ropeWidth % 2 !== 0 || shape.ropeWidth > headWidth)
    throw ggufInconsistent(path, l10n.t('heads of an even width'), `${headWidth}, ${shape.ropeWidth}`);
  // A model of more layers than tensors would be a loop to no end.
  if (shape.layers > file.tensors.size)
    throw ggufInconsistent(path, l10n.t('the tensors of {0} layers', shape.layers), String(file.tensors.size));
  requireTensors(file, shape);
  return shape;
}

/** Names and shapes of a model's weights. */
export function llamaWeights(shape: LlamaShape): ReadonlyMap<string, readonly number[]> {
  const { width, heads, keyValueHeads, headWidth, hidden, vocabulary } = shape;
  const weights = new Map<string, readonly number[]>([
    ['token_embd.weight', [vocabulary, width]],
    ['output_norm.weight', [width]],
  ]);
  if (!shape.isTied) weights.set('output.weight', [vocabulary, width]);
  for (let layer = 0; layer < shape.layers; layer++) {
    const add = (name: string, ...sides: number[]): void => void weights.set(`blk.${layer}.${name}.weight`, sides);
    add('attn_norm', width);
    add('attn_q', heads * headWidth, width);
    add('attn_k', keyValueHeads * headWidth, width);
    add('attn_v', keyValueHeads * headWidth, width);
    add('attn_output', width, heads * headWidth);
    add('ffn_norm', width);
    add('ffn_gate', hidden, width);
    add('ffn_up', hidden, width);
    add('ffn_down', width, hidden);
  }
  return weights;
}

function requireTensors({ path, tensors }: GgufFile, shape: LlamaShape): void {
  const weights = llamaWeights(shape);
  for (const [name, sides] of weights) {
    const found = tensors.get(name);
    const expected = l10n.t('the tensor {0} of shape {1}', name, sides.join(' × '));
    if (found === undefined) throw ggufInconsistent(path, expected, l10n.t('none'));
    if (found.shape.join() !== sides.join()) throw ggufInconsistent(path, expected, found.shape.join(' × '));
  }
  // A tensor that the lab does not know, say a bias, would be left out of the computation.
  const unknown = [...tensors.keys()].find((name) => !weights.has(name));
  if (unknown !== undefined)
    throw ggufUnsupported(path, l10n.t('no tensors but those of a plain LLaMA'), l10n.t('the tensor {0}', unknown));
}

/** Bytes that the weights take as float32. */
export const weightBytes = (shape: LlamaShape): number =>
  [...llamaWeights(shape).values()].reduce((sum, sides) => sum + 4 * sides.reduce((a, b) => a * b, 1), 0);

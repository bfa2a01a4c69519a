/**
 * A pretrained image network, from the npm package `@vladmandic/human`: of its object detector the backbone alone, which
 * is MobileNetV3 up to the last of its blocks.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { damagedSource } from './source';

/** SHA-256 of the weights as published. */
const WEIGHTS = '1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef';
/** Where pictures go in (RGB, 0 … 255), and where the features come out. */
const INPUT = 'tower_0/images';
const OUTPUT = 'tower_0/MobilenetV3/expanded_conv_11/add';
const FEATURES = 88;

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: 'float16' | 'uint8' | 'uint16' };
}

interface GraphModel {
  readonly modelTopology: { readonly node: readonly Node[] };
  readonly weightsManifest: readonly { readonly weights: readonly Weight[] }[];
}

/** model.json (topology, weight specifications, what goes in and comes out) and weights.bin (float16, in that order). */
export async function readMobilenetV3(packageFolder: string): Promise<Record<string, Buffer>> {
  const file = path.join(packageFolder, 'models', 'centernet.bin');
  const published = await fs.readFile(file);
  const found = sha256(published);
  if (found !== WEIGHTS) throw damagedSource(file, `SHA-256 ${found}`);
  const json = path.join(packageFolder, 'models', 'centernet.json');
  const model = JSON.parse(await fs.readFile(json, 'utf8')) as GraphModel;
  const nodes = upTo(OUTPUT, model.modelTopology.node, json);
  const { specs, bytes } = weightsOf(nodes, model, published);
  const packed = {
    format: 1,
    input: INPUT,
    output: OUTPUT,
    features: FEATURES,
    sha256: sha256(bytes),
    weights: specs,
    topology: { node: nodes.map(anySize), library: {}, versions: {} },
  };
  return { 'model.json': Buffer.from(JSON.stringify(packed)), 'weights.bin': bytes };
}

/** The node and all that it is computed from, in the graph's own order. */
function upTo(output: string, nodes: readonly Node[], file: string): readonly Node[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set<string>();
  const visit = (reference: string): void => {
    const name = reference.replace(/^\^|:\d+$/g, '');
    if (needed.has(name)) return;
    const node = byName.get(name);
    if (node === undefined) throw damagedSource(file, `no node ${name}`);
    needed.add(name);
    for (const input of node.input ?? []) visit(input);
  };
  visit(output);
  return nodes.filter(({ name }) => needed.has(name));
}

/** The graph was frozen for one picture of 512 by 512; a convolution does not mind other sizes. */
function anySize(node: Node): Node {
  if (node.op !== 'Placeholder') return node;
  const dim = [-1, -1, -1, 3].map((size) => ({ size: String(size) }));
  return { ...node, attr: { ...node.attr, shape: { shape: { dim } } } };
}

function weightsOf(
  nodes: readonly Node[],
  { weightsManifest }: GraphModel,
  published: Buffer,
): { readonly specs: readonly Weight[]; readonly bytes: Buffer } {
  const needed = new Set(nodes.map(({ name }) => name));
  const specs: Weight[] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  for (const weight of weightsManifest.flatMap(({ weights }) => weights)) {
    const end = offset + weight.shape.reduce((product, side) => product * side, 1) * bytesOf(weight);
    if (needed.has(weight.name)) {
      specs.push(weight);
      parts.push(published.subarray(offset, end));
    }
    offset = end;
  }
  return { specs, bytes: Buffer.concat(parts) };
}

function bytesOf({ quantization }: Weight): number {
  if (quantization === undefined) return 4;
  return quantization.dtype === 'uint8' ? 1 : 2;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

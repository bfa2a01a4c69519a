/** What the formulas of a walkthrough call its tensors: the names of textbooks, numbered where one occurs twice. */
import type { WalkNode } from '../../protocol/pictures';
import type { Station } from './station';

type WalkSymbol = WalkNode['symbol'];

/** Products are u, sums of a product and a bias z, activations a; what has no name of its own is v. */
const LETTERS: Readonly<Record<string, string>> = {
  BatchMatMul: 'u',
  Conv2D: 'u',
  DepthwiseConv2dNative: 'u',
  _FusedMatMul: 'z',
  FusedConv2D: 'z',
  Tanh: 'a',
  Relu: 'a',
  Relu6: 'a',
  LeakyRelu: 'a',
  Prelu: 'a',
  Elu: 'a',
  Selu: 'a',
  Sigmoid: 'a',
  Softplus: 'a',
  Softmax: 'p',
  LogSoftmax: 'ℓ',
  OneHot: 't',
};

export function symbolsOf(stations: readonly Station[], loss: Station | undefined): WalkSymbol[] {
  const bases = new Map<Station, string>();
  const baseOf = (station: Station): string => {
    const known = bases.get(station);
    if (known !== undefined) return known;
    const base = station === loss ? 'L' : findBase(station, baseOf);
    bases.set(station, base);
    return base;
  };
  const parameters = new Set(stations.flatMap(({ name }) => name ?? []));
  const all = stations.map(baseOf);
  const counts = new Map<string, number>();
  return stations.map((station, place) => {
    const base = all[place] ?? '';
    if (station.name !== undefined) return { base };
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    const isAlone = all.filter((other) => other === base).length === 1 && !parameters.has(base);
    return isAlone ? { base } : { base, sub: String(count) };
  });
}

function findBase({ kind, name, operation }: Station, baseOf: (station: Station) => string): string {
  if (kind === 'input') return 'x';
  if (kind === 'target') return 'y';
  if (kind === 'constant') return 'c';
  if (operation === undefined) return name ?? '';
  const [first] = operation.inputs;
  if (operation.kernel === 'Reshape' && first !== undefined) return `${baseOf(first)}′`;
  if (operation.kernel === 'Add' && isBiased(operation.inputs, baseOf)) return 'z';
  return LETTERS[operation.kernel] ?? 'v';
}

function isBiased(inputs: readonly Station[], baseOf: (station: Station) => string): boolean {
  return inputs.some(({ kind }) => kind === 'parameter') && inputs.some((input) => baseOf(input) === 'u');
}

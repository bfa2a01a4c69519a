/** A formula as a tree: set as MathML for the eye (mathml.ts), written out for a screen reader. */
export type Formula =
  | { readonly kind: 'name'; readonly base: string; readonly sub?: string | undefined }
  | { readonly kind: 'number' | 'operator' | 'function'; readonly text: string }
  | { readonly kind: 'row'; readonly parts: readonly Formula[] }
  | { readonly kind: 'power'; readonly base: Formula; readonly exponent: Formula }
  | { readonly kind: 'index'; readonly base: Formula; readonly index: Formula }
  | { readonly kind: 'fraction'; readonly top: Formula; readonly bottom: Formula }
  | { readonly kind: 'root'; readonly of: Formula };

/** Names, numbers and functions are made; a bare string is an operator. */
type Part = Formula | string;

const asFormula = (part: Part): Formula => (typeof part === 'string' ? { kind: 'operator', text: part } : part);

export const row = (...parts: readonly Part[]): Formula => ({ kind: 'row', parts: parts.map(asFormula) });
export const num = (text: string | number): Formula => ({ kind: 'number', text: String(text).replace('-', '−') });
export const named = (base: string, sub?: string): Formula => ({ kind: 'name', base, sub });
export const power = (base: Formula, exponent: Part): Formula => ({
  kind: 'power',
  base,
  exponent: asFormula(exponent),
});
export const fraction = (top: Formula, bottom: Formula): Formula => ({ kind: 'fraction', top, bottom });
export const root = (of: Formula): Formula => ({ kind: 'root', of });
export const call = (name: string, ...of: readonly Formula[]): Formula =>
  row({ kind: 'function', text: name }, '(', ...of.flatMap((part, i) => (i === 0 ? [part] : [',', part])), ')');
export const paren = (...parts: readonly Part[]): Formula => row('(', ...parts, ')');
/** Iverson's bracket: 1 where the condition holds, else 0. */
export const where = (...condition: readonly Part[]): Formula => row('[', ...condition, ']');
export const transposed = (of: Formula): Formula => power(of, 'T');
/** The sum over what the index names, or over everything. */
export const sum = (of: Formula, index?: string): Formula =>
  row(
    index === undefined ? '∑' : { kind: 'index', base: asFormula('∑'), index: { kind: 'function', text: index } },
    of,
  );
/** ∂L/∂x */
export const slope = (of: Formula): Formula => fraction(row('∂', named('L')), row('∂', of));

const isInfix = (part: Formula): boolean => part.kind === 'operator' && '=+−·⊙∗><≤≥'.includes(part.text);

/** A part of a fraction, or an exponent: in one line it needs the brackets that its place makes up for in print. */
function grouped(formula: Formula): string {
  const text = spoken(formula);
  return formula.kind === 'row' && formula.parts.some(isInfix) ? `(${text})` : text;
}

/** In one line: "dL/dz1 = dL/da · (1 − a²)", with the signs of formulas. */
export function spoken(formula: Formula): string {
  switch (formula.kind) {
    case 'name':
      return formula.base + (formula.sub ?? '');
    case 'number':
    case 'function':
      return formula.text;
    case 'operator':
      return isInfix(formula) ? ` ${formula.text} ` : formula.text === ',' ? ', ' : formula.text;
    case 'row':
      return formula.parts.map(spoken).join('');
    case 'power': {
      const exponent = grouped(formula.exponent);
      return exponent === '2' ? `${spoken(formula.base)}²` : `${spoken(formula.base)}^${exponent}`;
    }
    case 'index':
      return `${spoken(formula.base)}_${spoken(formula.index)} `;
    case 'fraction':
      return `${grouped(formula.top)}/${grouped(formula.bottom)}`;
    case 'root':
      return `√(${spoken(formula.of)})`;
  }
}

/** Formulas as MathML, which the browser sets itself. */
import { html, mathml, nothing, type TemplateResult } from 'lit-html';
import type { Formula } from './formula';

type Part = TemplateResult<1 | 3>;

function set(formula: Formula): Part {
  switch (formula.kind) {
    case 'name':
      return setName(formula.base, formula.sub);
    case 'number':
      return mathml`<mn>${formula.text}</mn>`;
    case 'operator':
      return operator(formula.text);
    case 'function':
      return mathml`<mtext>${formula.text}</mtext>`;
    case 'row':
      return mathml`<mrow>${formula.parts.map(set)}</mrow>`;
    case 'power':
      return mathml`<msup>${set(formula.base)}${set(formula.exponent)}</msup>`;
    case 'index':
      return mathml`<msub>${set(formula.base)}${set(formula.index)}</msub>`;
    case 'fraction':
      return mathml`<mfrac>${set(formula.top)}${set(formula.bottom)}</mfrac>`;
    case 'root':
      return mathml`<msqrt>${set(formula.of)}</msqrt>`;
  }
}

/** Primes stand where exponents do, so that the letter before stays slanted. */
function setName(base: string, sub: string | undefined): Part {
  const [, letters = base, primes = ''] = /^(.*?)(′*)$/.exec(base) ?? [];
  const name = mathml`<mi>${letters}</mi>`;
  const index = sub === undefined ? undefined : mathml`<mn>${sub}</mn>`;
  if (primes === '') return index === undefined ? name : mathml`<msub>${name}${index}</msub>`;
  const raised = mathml`<mo>${primes}</mo>`;
  return index === undefined
    ? mathml`<msup>${name}${raised}</msup>`
    : mathml`<msubsup>${name}${index}${raised}</msubsup>`;
}

function operator(text: string): Part {
  // Brackets are as high as what they hold.
  const stretchy = '()[]'.includes(text) ? 'true' : nothing;
  const space = text === '∂' || text === 'T' ? '0' : nothing;
  return mathml`<mo stretchy=${stretchy} lspace=${space} rspace=${space}>${text}</mo>`;
}

/** The formula as a <math> element; its text stands beside it for whoever cannot see it. */
export function typeset(formula: Formula): TemplateResult {
  return html`<math displaystyle="true">${set(formula)}</math>`;
}

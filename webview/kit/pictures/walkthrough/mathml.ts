/** Formulas as MathML, which the browser sets itself. */
import type { Formula } from './formula';

const MATHML = 'http://www.w3.org/1998/Math/MathML';

function element(tag: string, ...children: readonly (Element | string)[]): Element {
  const made = document.createElementNS(MATHML, tag);
  made.append(...children);
  return made;
}

function set(formula: Formula): Element {
  switch (formula.kind) {
    case 'name':
      return setName(formula.base, formula.sub);
    case 'number':
      return element('mn', formula.text);
    case 'operator':
      return operator(formula.text);
    case 'function':
      return element('mtext', formula.text);
    case 'row':
      return element('mrow', ...formula.parts.map(set));
    case 'power':
      return element('msup', set(formula.base), set(formula.exponent));
    case 'index':
      return element('msub', set(formula.base), set(formula.index));
    case 'fraction':
      return element('mfrac', set(formula.top), set(formula.bottom));
    case 'root':
      return element('msqrt', set(formula.of));
  }
}

/** Primes stand where exponents do, so that the letter before stays slanted. */
function setName(base: string, sub: string | undefined): Element {
  const [, letters = base, primes = ''] = /^(.*?)(′*)$/.exec(base) ?? [];
  const name = element('mi', letters);
  const index = sub === undefined ? undefined : element('mn', sub);
  if (primes === '') return index === undefined ? name : element('msub', name, index);
  const raised = element('mo', primes);
  return index === undefined ? element('msup', name, raised) : element('msubsup', name, index, raised);
}

function operator(text: string): Element {
  const made = element('mo', text);
  // Brackets are as high as what they hold.
  if ('()[]'.includes(text)) made.setAttribute('stretchy', 'true');
  if (text === '∂' || text === 'T') {
    made.setAttribute('lspace', '0');
    made.setAttribute('rspace', '0');
  }
  return made;
}

/** The formula as a <math> element; its text stands beside it for whoever cannot see it. */
export function typeset(formula: Formula): Element {
  const math = element('math', set(formula));
  math.setAttribute('displaystyle', 'true');
  return math;
}

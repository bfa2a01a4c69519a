/** What lit-html's templates lack for us: drawn canvases, and CSS variables under a policy without inline styles. */
import { noChange, type ElementPart } from 'lit-html';
import { Directive, directive } from 'lit-html/directive.js';

type Paint = (canvas: HTMLCanvasElement) => void;

class Painted extends Directive {
  #of: readonly unknown[] | undefined;

  readonly render: (paint: Paint, ...of: readonly unknown[]) => typeof noChange = () => noChange;

  override update({ element }: ElementPart, [paint, ...of]: [Paint, ...unknown[]]): typeof noChange {
    const before = this.#of;
    if (before?.length === of.length && of.every((value, index) => value === before[index])) return noChange;
    this.#of = of;
    paint(element as HTMLCanvasElement);
    return noChange;
  }
}

/** `<canvas ${painted(paint, …of)}>`: drawn anew when one of the values is another one. */
export const painted = directive(Painted);

type Variables = Readonly<Record<`--${string}`, string>>;

class CssVariables extends Directive {
  readonly render: (variables: Variables) => typeof noChange = () => noChange;

  override update({ element }: ElementPart, [variables]: [Variables]): typeof noChange {
    const { style } = element as HTMLElement;
    for (const [name, value] of Object.entries(variables)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return noChange;
  }
}

/** `<td ${cssVariables({ '--share': '40%' })}>` */
export const cssVariables = directive(CssVariables);

/** The outputs' own styles, beside those of the kit. */
import css from './output.css' with { type: 'text' };

let sheet: CSSStyleSheet | undefined;

export function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(`@scope (.lab-kit.output) {\n${css}\n}`);
  }
  return sheet;
}

/** An element of its own for a part of the page that lit-html draws into. */
export function block(className: string): HTMLDivElement {
  const element = document.createElement('div');
  element.className = className;
  return element;
}

/** A text field that says beside itself what is wrong with what was typed. */
import { html, nothing, render } from 'lit-html';

export class TextField {
  readonly element = document.createElement('span');
  readonly #input = document.createElement('input');
  #known = '';

  /** @param onCommit on Enter, and when the field is left with another text */
  constructor(label: string, onCommit: (text: string) => void) {
    this.element.className = 'field';
    this.#input.type = 'text';
    this.#input.ariaLabel = label;
    const commit = (): void => {
      if (this.#input.value === this.#known) return;
      this.#known = this.#input.value;
      onCommit(this.#known);
    };
    this.#input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') commit();
    });
    this.#input.addEventListener('blur', commit);
    this.invalid('');
  }

  /** Message for a value that cannot be taken; empty when all is well. */
  invalid(message: string): void {
    if (message === '') this.#input.removeAttribute('aria-invalid');
    else this.#input.setAttribute('aria-invalid', 'true');
    const said = message === '' ? nothing : html`<span class="field-message" role="alert">${message}</span>`;
    render(html`${this.#input}${said}`, this.element);
  }

  get value(): string {
    return this.#input.value;
  }

  set value(value: string) {
    this.#known = value;
    if (this.#input.value !== value) this.#input.value = value;
  }

  set disabled(value: boolean) {
    this.#input.disabled = value;
  }
}

/**
 * The only module that knows @vscode/webview-ui-toolkit, which is archived upstream. The rest of the page asks for a
 * button, a check box or a text field and gets an element with just the members below, so that another library, or
 * plain elements, can take the toolkit's place here.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { h, icon, setAttribute } from '../kit/dom/elements';

export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField());
}

interface ToolkitElements {
  'vscode-button': HTMLElement & { disabled: boolean };
  'vscode-checkbox': HTMLElement & { disabled: boolean; checked: boolean };
  'vscode-text-field': HTMLElement & { disabled: boolean; value: string };
}

function create<T extends keyof ToolkitElements>(tag: T, attributes: Record<string, string>): ToolkitElements[T] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element as ToolkitElements[T];
}

/** Something the user can act on, or cannot at the moment. */
class Control<E extends HTMLElement & { disabled: boolean }> {
  protected readonly control: E;

  constructor(control: E) {
    this.control = control;
  }

  get disabled(): boolean {
    return this.control.disabled;
  }

  set disabled(value: boolean) {
    if (this.control.disabled !== value) this.control.disabled = value;
  }
}

export interface Button {
  readonly element: HTMLElement;
  disabled: boolean;
  focus(): void;
  /** Changes icon and text or label. */
  look(icon: string | undefined, text: string): void;
}

export interface ButtonOptions {
  readonly text: string;
  readonly icon?: string;
  /** "icon" shows the icon alone; the text becomes its label and tooltip. */
  readonly appearance: 'primary' | 'secondary' | 'icon';
  readonly onClick: () => void;
}

export function createButton(options: ButtonOptions): Button {
  return new ToolkitButton(options);
}

class ToolkitButton extends Control<ToolkitElements['vscode-button']> implements Button {
  readonly #appearance: ButtonOptions['appearance'];

  constructor({ text, icon: name, appearance, onClick }: ButtonOptions) {
    super(create('vscode-button', { appearance }));
    this.#appearance = appearance;
    this.control.addEventListener('click', () => {
      if (!this.control.disabled) onClick();
    });
    this.look(name, text);
  }

  get element(): HTMLElement {
    return this.control;
  }

  look(name: string | undefined, text: string): void {
    const element = this.control;
    const key = `${name ?? ''}|${text}`;
    if (element.dataset['look'] === key) return;
    element.dataset['look'] = key;
    if (this.#appearance === 'icon') {
      element.replaceChildren(...(name === undefined ? [] : [icon(name)]));
      setAttribute(element, 'aria-label', text);
      setAttribute(element, 'title', text);
      return;
    }
    element.replaceChildren(text);
    if (name !== undefined) {
      const start = icon(name);
      start.slot = 'start';
      element.append(start);
    }
  }

  focus(): void {
    // The toolkit enables its inner button a frame after the element.
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        this.control.focus();
      });
    });
  }
}

export interface Checkbox {
  readonly element: HTMLElement;
  checked: boolean;
  disabled: boolean;
}

export function createCheckbox(label: HTMLElement | string, onChange: (checked: boolean) => void): Checkbox {
  return new ToolkitCheckbox(label, onChange);
}

class ToolkitCheckbox extends Control<ToolkitElements['vscode-checkbox']> implements Checkbox {
  // The element fires "change" for changes by program too; only what the user did is reported.
  #known = false;

  constructor(label: HTMLElement | string, onChange: (checked: boolean) => void) {
    super(create('vscode-checkbox', {}));
    this.control.append(label);
    this.control.addEventListener('change', () => {
      if (this.control.checked === this.#known) return;
      this.#known = this.control.checked;
      onChange(this.#known);
    });
  }

  get element(): HTMLElement {
    return this.control;
  }

  get checked(): boolean {
    return this.control.checked;
  }

  set checked(value: boolean) {
    this.#known = value;
    if (this.control.checked !== value) this.control.checked = value;
  }
}

export interface TextField {
  readonly element: HTMLElement;
  value: string;
  disabled: boolean;
  /** Message for a value that cannot be taken; empty when all is well. */
  invalid(message: string): void;
}

/** `onCommit` runs on Enter and when the field is left with another text. */
export function createTextField(label: string, onCommit: (text: string) => void): TextField {
  return new ToolkitTextField(label, onCommit);
}

class ToolkitTextField extends Control<ToolkitElements['vscode-text-field']> implements TextField {
  readonly #message = h('span', { class: 'field-message', role: 'alert', hidden: true });
  readonly element: HTMLElement;
  #known = '';

  constructor(label: string, onCommit: (text: string) => void) {
    super(create('vscode-text-field', {}));
    const field = this.control;
    this.element = h('span', { class: 'field' }, field, this.#message);
    // The toolkit overwrites the label with "Text field" when the element is put into the page, later in this turn.
    queueMicrotask(() => {
      field.setAttribute('aria-label', label);
    });
    const commit = (): void => {
      if (field.value === this.#known) return;
      this.#known = field.value;
      onCommit(this.#known);
    };
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') commit();
    });
    field.addEventListener('blur', commit);
  }

  invalid(text: string): void {
    setAttribute(this.control, 'aria-invalid', text === '' ? undefined : 'true');
    this.#message.textContent = text;
    this.#message.hidden = text === '';
  }

  get value(): string {
    return this.control.value;
  }

  set value(value: string) {
    this.#known = value;
    if (this.control.value !== value) this.control.value = value;
  }
}

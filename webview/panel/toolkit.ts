/**
 * The only module that knows @vscode/webview-ui-toolkit, which is archived upstream. The rest of the page asks for a
 * button, a check box or a text field and gets an element with just the members below, so that another library, or
 * plain elements, can take the toolkit's place here.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { h, icon, setAttribute } from './dom';

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
  const element = create('vscode-button', { appearance: options.appearance });
  element.addEventListener('click', () => {
    if (!element.disabled) options.onClick();
  });
  const look = (name: string | undefined, text: string): void => {
    const key = `${name ?? ''}|${text}`;
    if (element.dataset['look'] === key) return;
    element.dataset['look'] = key;
    if (options.appearance === 'icon') {
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
  };
  look(options.icon, options.text);
  return {
    element,
    look,
    focus() {
      // The toolkit enables its inner button a frame after the element.
      requestAnimationFrame(() => {
        requestAnimationFrame(() => {
          element.focus();
        });
      });
    },
    get disabled() {
      return element.disabled;
    },
    set disabled(value) {
      if (element.disabled !== value) element.disabled = value;
    },
  };
}

export interface Checkbox {
  readonly element: HTMLElement;
  checked: boolean;
  disabled: boolean;
}

export function createCheckbox(label: HTMLElement | string, onChange: (checked: boolean) => void): Checkbox {
  const element = create('vscode-checkbox', {});
  element.append(label);
  // The element fires "change" for changes by program too; only what the user did is reported.
  let known = false;
  element.addEventListener('change', () => {
    if (element.checked === known) return;
    known = element.checked;
    onChange(known);
  });
  return {
    element,
    get checked() {
      return element.checked;
    },
    set checked(value) {
      known = value;
      if (element.checked !== value) element.checked = value;
    },
    get disabled() {
      return element.disabled;
    },
    set disabled(value) {
      if (element.disabled !== value) element.disabled = value;
    },
  };
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
  const field = create('vscode-text-field', {});
  // The toolkit overwrites the label with "Text field" when the element is put into the page, later in this turn.
  queueMicrotask(() => {
    field.setAttribute('aria-label', label);
  });
  const message = h('span', { class: 'field-message', role: 'alert', hidden: true });
  const element = h('span', { class: 'field' }, field, message);
  let known = '';
  const commit = (): void => {
    if (field.value === known) return;
    known = field.value;
    onCommit(known);
  };
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') commit();
  });
  field.addEventListener('blur', commit);
  return {
    element,
    invalid(text) {
      setAttribute(field, 'aria-invalid', text === '' ? undefined : 'true');
      message.textContent = text;
      message.hidden = text === '';
    },
    get value() {
      return field.value;
    },
    set value(value) {
      known = value;
      if (field.value !== value) field.value = value;
    },
    get disabled() {
      return field.disabled;
    },
    set disabled(value) {
      if (field.disabled !== value) field.disabled = value;
    },
  };
}

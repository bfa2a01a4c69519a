/**
 * The only module that knows @vscode/webview-ui-toolkit, which is archived upstream. The rest of the page asks for a
 * button or a check box, so that another library, or plain elements, can take the toolkit's place here.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { icon as codicon } from './icon';

export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());
}

export interface ButtonOptions {
  readonly text: string;
  readonly icon?: string;
  /** "icon" shows the icon alone; the text becomes its label and tooltip. */
  readonly appearance: 'primary' | 'secondary' | 'icon';
  readonly disabled?: boolean;
  /** Where the text alone does not say what the button is for. */
  readonly label?: string;
  /** A class to know it by. */
  readonly name?: string;
  readonly onClick: () => void;
}

export function button(options: ButtonOptions): TemplateResult {
  const { text, icon, appearance, disabled = false, label, name = '', onClick } = options;
  if (appearance === 'icon') {
    return html`<vscode-button
      class=${name}
      appearance="icon"
      aria-label=${label ?? text}
      title=${text}
      .disabled=${disabled}
      @click=${disabled ? nothing : onClick}
      >${icon === undefined ? nothing : codicon(icon)}</vscode-button
    >`;
  }
  return html`<vscode-button
    class=${name}
    appearance=${appearance}
    aria-label=${label ?? nothing}
    .disabled=${disabled}
    @click=${disabled ? nothing : onClick}
    >${text}${icon === undefined ? nothing : html`<span slot="start" class="codicon codicon-${icon}" aria-hidden="true"></span>`}</vscode-button
  >`;
}

/** Gives a button that has just come into use the focus: the toolkit enables its inner button a frame after it. */
export function focusSoon(element: HTMLElement): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      element.focus();
    });
  });
}

export interface CheckboxOptions {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function checkbox({ label, checked, disabled, onChange }: CheckboxOptions): TemplateResult {
  // The element fires "change" for changes by program too; only what the user did is reported.
  const change = (event: Event): void => {
    const now = (event.currentTarget as HTMLInputElement).checked;
    if (now !== checked) onChange(now);
  };
  return html`<vscode-checkbox @change=${change} .checked=${live(checked)} .disabled=${disabled}
    ><span>${label}</span></vscode-checkbox
  >`;
}

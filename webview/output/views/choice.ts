/** A row of buttons of which one is chosen. */
import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';

export interface Choice<T extends string> {
  readonly label: string;
  /** Of the radio group: another one in each output. */
  readonly name: string;
  readonly options: readonly (readonly [T, string])[];
  readonly chosen: T;
  readonly choose: (option: T) => void;
}

export function choiceOf<T extends string>({ label, name, options, chosen, choose }: Choice<T>): TemplateResult {
  return html`<fieldset class="segments">
    <legend class="for-screen-reader">${label}</legend>
    <div class="segment-row">
      ${options.map(
        ([option, text]) =>
          html`<label>
            <input
              type="radio"
              name=${name}
              .checked=${live(option === chosen)}
              @change=${() => {
                choose(option);
              }}
            />
            <span>${text}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}

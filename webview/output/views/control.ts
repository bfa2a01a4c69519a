/** A control of a cell: when it is moved, the cells that use its value run again. */
import { html, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { ControlDisplay, ControlValue } from '../../../src/protocol/display';
import { short } from '../../../src/words/numbers';
import { block } from '../../kit/dom/block';
import { uniqueId } from '../../kit/dom/ids';
import type { Theme } from '../../kit/theme/theme';
import type { OutputHost, OutputView } from '../view';
import { Drawing } from './drawing';

type SliderSpec = Extract<ControlDisplay['spec'], { readonly type: 'slider' }>;

/** Positions of a slider, whatever its values are. */
const POSITIONS = 1000;
/** A text is sent when it has rested so long. */
const REST_MS = 300;

export class ControlView implements OutputView<'control'> {
  readonly element = block('control');
  readonly #id = uniqueId('control');
  #display: ControlDisplay | undefined;
  #theme: Theme | undefined;
  #value: ControlValue | undefined;
  #timer: number | undefined;
  #drawing: Drawing | undefined;

  constructor(private readonly host: OutputHost) {
    this.element.inert = !host.attended;
  }

  draw(display: ControlDisplay, theme: Theme): void {
    // What the user is moving now is newer than what the cell says.
    if (display !== this.#display && this.#timer === undefined) this.#value = display.value;
    this.#display = display;
    this.#theme = theme;
    this.#render();
  }

  #render(): void {
    const [display, theme] = [this.#display, this.#theme];
    if (display === undefined || theme === undefined) return;
    render(
      html`<label class="control-label" for=${this.#id}>${display.label}</label>${this.#part(display)}`,
      this.element,
    );
    this.#drawing?.draw(theme);
  }

  #part({ spec, label }: ControlDisplay): TemplateResult {
    const value = this.#value;
    switch (spec.type) {
      case 'slider': {
        const number = Number(value);
        return html`<input
            id=${this.#id}
            type="range"
            min="0"
            max=${POSITIONS}
            .value=${live(String(positionOf(spec, number)))}
            aria-valuetext=${short(number)}
            @input=${(event: Event) => {
              this.#move(valueAt(spec, Number((event.target as HTMLInputElement).value)));
            }}
            @keydown=${(event: KeyboardEvent) => {
              this.#onKey(event, spec);
            }}
          />
          <output class="number" for=${this.#id}>${short(number)}</output>`;
      }
      case 'choice':
        return html`<select
          id=${this.#id}
          .value=${live(String(value))}
          @change=${(event: Event) => {
            this.#move((event.target as HTMLSelectElement).value);
          }}
        >
          ${spec.options.map((option) => html`<option value=${option} ?selected=${option === value}>${option}</option>`)}
        </select>`;
      case 'text': {
        const onInput = (event: Event): void => {
          this.#move((event.target as HTMLInputElement | HTMLTextAreaElement).value, REST_MS);
        };
        return spec.multiline
          ? html`<textarea
              id=${this.#id}
              rows="4"
              placeholder=${spec.placeholder}
              .value=${live(String(value))}
              @input=${onInput}
            ></textarea>`
          : html`<input
              id=${this.#id}
              type="text"
              placeholder=${spec.placeholder}
              .value=${live(String(value))}
              @input=${onInput}
            />`;
      }
      case 'drawing': {
        this.#drawing ??= new Drawing({ ...spec, label, id: this.#id }, (pixels) => {
          this.#move(pixels, REST_MS);
        });
        if (Array.isArray(value)) this.#drawing.set(value as readonly number[]);
        return html`${this.#drawing.element}`;
      }
    }
  }

  /** One step of the value for an arrow key, however fine the slider's positions are. */
  #onKey(event: KeyboardEvent, spec: SliderSpec): void {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    const step = steps[event.key];
    if (step === undefined || spec.log) return;
    event.preventDefault();
    const { min, max } = spec;
    this.#move(rounded(Math.min(max, Math.max(min, Number(this.#value) + step * spec.step)), spec));
  }

  #move(value: ControlValue, rest = 0): void {
    if (this.#display === undefined || value === this.#value) return;
    this.#value = value;
    const { control } = this.#display;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#timer = undefined;
      this.host.post({ type: 'control', control, value });
    }, rest);
    this.#render();
  }
}

export function positionOf({ min, max, log }: SliderSpec, value: number): number {
  const share = log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min || 1);
  return Math.round(share * POSITIONS);
}

export function valueAt(spec: SliderSpec, position: number): number {
  const { min, max, log } = spec;
  const share = position / POSITIONS;
  return log ? Number((min * (max / min) ** share).toPrecision(3)) : rounded(min + share * (max - min), spec);
}

/** To a whole number of steps from the smallest value on, without the digits that adding them up brings. */
function rounded(value: number, { min, max, step }: SliderSpec): number {
  const stepped = min + Math.round((value - min) / step) * step;
  return Number(Math.min(max, stepped).toPrecision(12));
}

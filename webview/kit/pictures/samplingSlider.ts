import { html, type TemplateResult } from 'lit-html';

/** One of the settings by which a language model draws its text, with its value in words. */
export function samplingSlider(
  label: string,
  value: number,
  shown: string,
  { least = 0, most, step }: { readonly least?: number; readonly most: number; readonly step: number },
  choose: (value: number) => void,
): TemplateResult {
  return html`<label class="sampling-control">
    <span>${label}</span>
    <input
      type="range"
      min=${least}
      max=${most}
      step=${step}
      .value=${String(value)}
      aria-valuetext=${shown}
      @input=${(event: Event) => {
        choose(Number((event.target as HTMLInputElement).value));
      }}
    />
    <output class="number">${shown}</output>
  </label>`;
}

/** Colours as numbers, and contrast as WCAG 2 defines it. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  /** 0..1 */
  readonly a: number;
}

export function toCss({ r, g, b, a }: Rgb): string {
  const [red, green, blue] = [r, g, b].map(Math.round);
  return a >= 1
    ? `rgb(${red ?? 0}, ${green ?? 0}, ${blue ?? 0})`
    : `rgba(${red ?? 0}, ${green ?? 0}, ${blue ?? 0}, ${a})`;
}

export function withAlpha(color: Rgb, a: number): Rgb {
  return { ...color, a };
}

/** `share` of `front` over the rest of `back`; both opaque. */
export function mix(front: Rgb, back: Rgb, share: number): Rgb {
  const channel = (f: number, b: number): number => f * share + b * (1 - share);
  return { r: channel(front.r, back.r), g: channel(front.g, back.g), b: channel(front.b, back.b), a: 1 };
}

/** What is seen of a transparent colour on an opaque one. */
export function over(front: Rgb, back: Rgb): Rgb {
  return front.a >= 1 ? front : mix(front, back, front.a);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance({ r, g, b }: Rgb): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** 1..21 */
export function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** `color` moved towards `foreground` just as far as `least` contrast on `background` needs. */
export function readable(color: Rgb, background: Rgb, foreground: Rgb, least: number): Rgb {
  const solid = over(color, background);
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(foreground, solid, share);
    if (contrast(candidate, background) >= least) return candidate;
  }
  return foreground;
}

/** Where words lie on the map, which of them are named, and how they are painted. Units are CSS pixels of the canvas. */
import type { MappedWord, WordEmbedding } from '../../../../src/protocol/textPictures';
import { tokenText } from '../../../../src/words/tokens';
import { mix, toCss } from '../../theme/color';
import type { Theme } from '../../theme/theme';
import { classColor } from '../boundary/classes';
import { paintMark } from '../boundary/legend';

export const WIDTH = 480;
export const HEIGHT = 360;
const MARGIN = 28;
const RADIUS = 3.5;
const FONT = 11;
/** From a pointer. */
const REACH = 14;

export interface Placed extends MappedWord {
  readonly left: number;
  readonly top: number;
  readonly role: 'word' | 'neighbour' | 'other';
}

/** As large as it fits, the same scale on both axes; words whose numbers are not finite lie nowhere. */
export function place({ map, word, neighbours }: WordEmbedding): readonly Placed[] {
  const finite = map.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const near = new Set(neighbours.map(({ token }) => token));
  const [left, right] = range(finite.map(({ x }) => x));
  const [bottom, top] = range(finite.map(({ y }) => y));
  const scale = Math.min((WIDTH - 2 * MARGIN) / (right - left || 1), (HEIGHT - 2 * MARGIN) / (top - bottom || 1));
  return finite.map((one) => ({
    ...one,
    left: WIDTH / 2 + (one.x - (left + right) / 2) * scale,
    top: HEIGHT / 2 - (one.y - (bottom + top) / 2) * scale,
    role: one.token === word ? 'word' : near.has(one.token) ? 'neighbour' : 'other',
  }));
}

function range(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values, Infinity), Math.max(...values, -Infinity)];
}

/** Its index in `words`, within reach. */
export function nearest(words: readonly Placed[], x: number, y: number): number | undefined {
  let best: number | undefined;
  let reach = REACH;
  words.forEach(({ left, top }, index) => {
    const far = Math.hypot(left - x, top - y);
    if (far < reach) [best, reach] = [index, far];
  });
  return best;
}

/** @param at the word that is pointed at */
export function paintMap(
  context: CanvasRenderingContext2D,
  words: readonly Placed[],
  { classes }: WordEmbedding,
  theme: Theme,
  at: Placed | undefined,
): void {
  context.clearRect(0, 0, WIDTH, HEIGHT);
  for (const one of words) {
    const { says, left, top, role } = one;
    const radius = role === 'other' ? RADIUS : RADIUS + 1;
    if (says === undefined) {
      const color = role === 'other' ? mix(theme.foreground, theme.background, 0.55) : classColor(theme, 0);
      paintMark(context, theme, 0, left, top, radius, color);
      continue;
    }
    // What is said by chance alone is hardly there, what is certain has the whole colour of its class.
    const certainty = Math.max(0, (says.probability - 1 / classes.length) / (1 - 1 / classes.length));
    const least = theme.highContrast ? 0.65 : 0.3;
    const color = mix(classColor(theme, says.class), theme.background, least + (1 - least) * certainty);
    paintMark(context, theme, says.class, left, top, radius, color);
  }
  for (const one of at === undefined ? [] : [at]) {
    context.beginPath();
    context.arc(one.left, one.top, RADIUS + 5, 0, 2 * Math.PI);
    context.strokeStyle = theme.focus;
    context.lineWidth = 2;
    context.stroke();
  }
  name(context, words, theme, at);
}

/** Names as many as there is room for: what is pointed at, the word, its neighbours, then the most frequent. */
function name(context: CanvasRenderingContext2D, words: readonly Placed[], theme: Theme, at: Placed | undefined): void {
  const ranks = { word: 0, neighbour: 1, other: 2 };
  const rank = (one: Placed): number => (one === at ? -1 : ranks[one.role]);
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  context.textBaseline = 'middle';
  for (const one of [...words].sort((a, b) => rank(a) - rank(b))) {
    const text = tokenText(one.token);
    const isChief = rank(one) <= 0;
    context.font = `${isChief ? '600 ' : ''}${FONT}px ${theme.fontFamily}`;
    const width = context.measureText(text).width;
    const spots = [one.left + RADIUS + 4, one.left - RADIUS - 4 - width];
    const left = spots.find((spot) => {
      const box = { left: spot, right: spot + width, top: one.top - FONT / 2, bottom: one.top + FONT / 2 };
      const isInside = box.left >= 0 && box.right <= WIDTH;
      const meets = (other: typeof box): boolean =>
        box.left < other.right + 3 && other.left < box.right + 3 && box.top < other.bottom && other.top < box.bottom;
      if (!isInside || taken.some(meets)) return false;
      // Other words' marks, too.
      if (words.some((other) => other !== one && meets({ ...around(other) }))) return isChief;
      taken.push(box);
      return true;
    });
    if (left === undefined) continue;
    context.fillStyle = one.role === 'other' && one !== at ? theme.muted : toCss(theme.foreground);
    if (isChief) {
      context.strokeStyle = toCss(theme.background);
      context.lineWidth = 3;
      context.strokeText(text, left, one.top);
    }
    context.fillText(text, left, one.top);
  }
}

function around({ left, top }: Placed): { left: number; right: number; top: number; bottom: number } {
  return { left: left - RADIUS, right: left + RADIUS, top: top - RADIUS, bottom: top + RADIUS };
}

/** The line of a terminal that is drawn over and over. */
import { eastAsianWidth } from 'get-east-asian-width';

const CLEAR = '\r\x1b[2K';
/** Where the terminal does not say how wide it is. */
const COLUMNS = 80;
/** Below this nothing readable would be left. */
const FEWEST = 10;

/** What of process.stderr or process.stdout such a line needs. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Replaces the live line. A wider one than the terminal would wrap, and its first part could not be cleared. */
export function drawLive(output: Output, text: string): void {
  output.write(CLEAR + cut(text, Math.max(FEWEST, (output.columns ?? COLUMNS) - 1)));
}

/** As much as fits; a Chinese character is two columns wide. */
function cut(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += eastAsianWidth(character.codePointAt(0) ?? 0);
    if (width > columns) break;
    end += character.length;
  }
  return text.slice(0, end);
}

export function clearLive(output: Output): void {
  output.write(CLEAR);
}

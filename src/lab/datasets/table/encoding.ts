/** In which characters a text file is written. */

/** By the names that `TextDecoder` knows (WHATWG Encoding Standard). */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gbk', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Of two bytes that are one Chinese character, the second is this or more in nearly all text: GB 2312's part of GBK. */
const SECOND_BYTE = 0xa1;
/** How many of the bytes above ASCII have to stand in such pairs for a text to be taken as Chinese. */
const PAIRED = 0.9;

/**
 * What the beginning of a file looks like: its byte order mark; UTF-16 by its zeros; UTF-8 where the bytes are; GBK where
 * bytes above ASCII come in pairs; else Windows-1252, in which every byte is a character.
 *
 * @param start As many bytes as may be; the last character may be cut.
 */
export function guessEncoding(start: Uint8Array): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  start.forEach((byte, place) => {
    if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (even + odd > start.length / 4) return odd > even ? 'utf-16le' : 'utf-16be';
  if (isUtf8(start)) return 'utf-8';
  return pairedShare(start) >= PAIRED ? 'gbk' : 'windows-1252';
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Of the bytes above ASCII, the share that stands in pairs of two such bytes. */
function pairedShare(bytes: Uint8Array): number {
  let [high, paired] = [0, 0];
  for (let place = 0; place < bytes.length; place++) {
    if ((bytes[place] ?? 0) < 0x80) continue;
    high += 1;
    if ((bytes[place + 1] ?? 0) < SECOND_BYTE) continue;
    high += 1;
    paired += 2;
    place += 1;
  }
  return high === 0 ? 0 : paired / high;
}

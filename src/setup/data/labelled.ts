/** Texts with the class of each, as lines of "a class, a tab, the text" in train.tsv and test.tsv. */
import { createHash } from 'node:crypto';

export interface LabelledText {
  readonly text: string;
  readonly label: number;
}

/** Of each class, this share is for testing. */
const TEST = 1 / 5;

/**
 * Each text once, in one line; what stands in both classes is left out. A text is the same when it differs in nothing but
 * case, spaces and punctuation: a model that has seen it must not be tested on it.
 *
 * The order is that of the texts' SHA-256, as good as drawn by chance and the same everywhere; of each class the first
 * fifth is for testing.
 */
export function splitTexts(texts: readonly LabelledText[]): {
  readonly train: LabelledText[];
  readonly test: LabelledText[];
} {
  const known = new Map<string, { labelled: LabelledText; labels: Set<number> }>();
  for (const { text, label } of texts) {
    const key = essence(text);
    if (key === '') continue;
    const same = known.get(key);
    if (same === undefined) known.set(key, { labelled: { text: oneLine(text), label }, labels: new Set([label]) });
    else same.labels.add(label);
  }
  const ordered = [...known]
    .filter(([, { labels }]) => labels.size === 1)
    .map(([key, { labelled }]) => ({ order: createHash('sha256').update(key).digest('hex'), labelled }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ labelled }) => labelled);
  const left = new Map<number, number>();
  for (const { label } of ordered) left.set(label, (left.get(label) ?? 0) + TEST);
  const [train, test]: LabelledText[][] = [[], []];
  for (const text of ordered) {
    const wanted = left.get(text.label) ?? 0;
    (wanted >= 0.5 ? test : train)?.push(text);
    left.set(text.label, wanted - 1);
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

/** The packed files of both splits. */
export function encodeTexts(
  splits: Readonly<Record<'train' | 'test', readonly LabelledText[]>>,
): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(splits).map(([name, texts]) => [
      `${name}.tsv`,
      Buffer.from(texts.map(({ text, label }) => `${String(label)}\t${text}\n`).join('')),
    ]),
  );
}

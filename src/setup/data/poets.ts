/** Poems of three poets of the Tang dynasty, as lines of "0, 1 or 2, a tab, the poem" in train.tsv and test.tsv. */
import { encodeTexts, splitTexts } from './labelled';

/** As the edition writes them; the label is the place. */
const POETS = ['李白', '杜甫', '白居易'];

interface Poem {
  readonly author: string;
  readonly paragraphs: readonly string[];
}

/** The edition's notes, in brackets which may stand in brackets; they are of our time and would give the poet away. */
const NOTES = /（(?:[^（）]|（[^（）]*）)*）|〖[^〗]*〗|[（）〖〗]/gu;

/** @param files of `POETRY` */
export function readPoets(files: ReadonlyMap<string, Buffer>): Record<string, Buffer> {
  const poems = [...files.values()]
    .flatMap((bytes) => JSON.parse(bytes.toString('utf8')) as readonly Poem[])
    .map(({ author, paragraphs }) => ({ text: paragraphs.join('').replace(NOTES, ''), label: POETS.indexOf(author) }));
  return encodeTexts(splitTexts(poems.filter(({ label }) => label >= 0)));
}

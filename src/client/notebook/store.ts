/**
 * What the cells of a notebook have shown, kept beside the working copies for the next time that it is opened here. Found
 * again by the cells' text, since a notebook may have changed meanwhile. It can be lost without harm: what cannot be read
 * is not there.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { makeFolderIn } from '../../files/folder';
import { readSmallFile } from '../../files/read';
import { replaceFile } from '../../files/replace';
import { count, flag, list, number, object, optional, parseAs, text, type Schema } from '../../files/schema';
import { isMadeHere, seal } from '../../files/seal';
import { hashOfSource } from '../../notebook/document';
import type { OutputEvent } from '../../protocol/kernel';
import type { LabFolder } from '../lessons/labFolder';

const FORMAT = 1;
/** Characters of JSON: of a cell, above which its outputs are not kept, and of a notebook, above which the last cells' are not. */
const MOST_OF_CELL = 2 * 2 ** 20;
const MOST_OF_NOTEBOOK = 16 * 2 ** 20;

/** A cell that has been executed. */
export interface KeptCell {
  /** `hashOfSource` of its text. */
  readonly hash: string;
  readonly order?: number;
  readonly success?: boolean;
  /** As Date.now() gives them. */
  readonly began?: number;
  readonly ended?: number;
  readonly events: readonly OutputEvent[];
}

const event: Schema<OutputEvent> = v.variant('kind', [
  v.object({ kind: v.literal('show'), output: v.object({ id: text, items: v.record(text, v.unknown()) }) }),
  v.object({ kind: v.literal('stream'), stream: v.picklist(['stdout', 'stderr']), text }),
  v.object({ kind: v.literal('clear') }),
]);

const schema: Schema<{ readonly format: typeof FORMAT; readonly cells: readonly KeptCell[] }> = v.looseObject({
  format: v.literal(FORMAT),
  cells: list(
    object<KeptCell>()({
      hash: text,
      order: optional(count),
      success: optional(flag),
      began: optional(number),
      ended: optional(number),
      events: list(event),
    }),
  ),
});

export class OutputStore {
  private readonly folder: string;

  constructor(private readonly lab: LabFolder) {
    this.folder = path.join(lab.own, 'outputs');
  }

  /** Those of a folder that was not made here belong to somebody else. */
  async read(notebook: string): Promise<readonly KeptCell[]> {
    if (!isMadeHere(this.folder)) return [];
    try {
      return parseAs(schema, await readSmallFile(this.file(notebook), 2 * MOST_OF_NOTEBOOK)).cells;
    } catch {
      return [];
    }
  }

  /** @throws the error of the file system */
  async write(notebook: string, cells: readonly KeptCell[]): Promise<void> {
    let left = MOST_OF_NOTEBOOK;
    const texts = cells.flatMap((cell) => {
      const json = JSON.stringify(cell);
      left -= json.length;
      return json.length > MOST_OF_CELL || left < 0 ? [] : [json];
    });
    await makeFolderIn(this.lab.root, this.folder);
    if (!isMadeHere(this.folder)) {
      // What a stranger has put there is not taken for ours by a seal of ours.
      await fs.rm(this.folder, { recursive: true });
      await makeFolderIn(this.lab.root, this.folder);
      seal(this.folder);
    }
    await replaceFile(this.file(notebook), `{"format":${FORMAT},"cells":[${texts.join(',\n')}]}\n`);
  }

  private file(notebook: string): string {
    const name = createHash('sha256').update(path.resolve(notebook)).digest('hex').slice(0, 16);
    return path.join(this.folder, `${name}.json`);
  }
}

/** Which kept cell belongs to which of the notebook's, whose text cells are undefined: each at most once, in its old order. */
export function matched(
  sources: readonly (string | undefined)[],
  kept: readonly KeptCell[],
): ReadonlyMap<number, KeptCell> {
  const found = new Map<number, KeptCell>();
  const left = [...kept];
  for (const [index, source] of sources.entries()) {
    if (source === undefined) continue;
    const hash = hashOfSource(source);
    const at = left.findIndex((cell) => cell.hash === hash);
    const [cell] = at < 0 ? [] : left.splice(at, 1);
    if (cell !== undefined) found.set(index, cell);
  }
  return found;
}

/** How long a learner waits for completion in a cell: TypeScript's server with the lab's plugin, asked as VS Code asks. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type ts from 'typescript';
import { ServedNotebook, TypescriptServer, vscodeTypescript } from '../support/tsserver';
import { root } from '../support/world';
import { atMost, median, rounds, type Row } from './row';

const ROUNDS = 15;

export async function notebookTypes(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const cells of [20, 1000]) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-bench-types-'));
    const server = new TypescriptServer(vscodeTypescript());
    try {
      rows.push(...(await measure(server, path.join(folder, 'bench.lab.md'), cells)));
      if (cells === 20) rows.push(await plain(server, path.join(folder, 'plain.ts'), cells));
    } finally {
      server.dispose();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}

/** A notebook in which each cell uses the lab and what cells above made. */
function textOf(index: number): string {
  if (index === 0) return "import { tf } from 'deep-learning-lab';\nconst x0 = tf.linspace(-1, 1, 50);";
  const [own, above] = [String(index), String(index - 1)];
  return [
    `// Cell ${own}`,
    `const model${own} = tf.sequential({ layers: [tf.layers.dense({ units: ${own}, inputShape: [1] })] });`,
    `const y${own}: tf.Tensor = x0.mul(${own});`,
    index === 1 ? 'y1.print();' : `y${above}.sub(y${own}).print(); model${above}.summary();`,
  ].join('\n');
}

async function measure(server: TypescriptServer, file: string, cells: number): Promise<Row[]> {
  const texts = Array.from({ length: cells }, (_, index) => textOf(index));
  const opened = performance.now();
  const notebook = new ServedNotebook(server, file, texts);
  const middle = Math.floor(cells / 2);
  const first = await notebook.errors(middle);
  if (first.length > 0) throw new Error(`The notebook has errors: ${first.join(' ')}`);
  const start = performance.now() - opened;

  const members: number[] = [];
  const names: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [times, typed] of [
      [members, `model${String(middle)}.`],
      [names, `mod`],
    ] as const) {
      // Another text each time, with a name that is new: nothing can be kept from the round before.
      notebook.edit(middle, `${texts[middle]!}\nconst new${String(round)} = ${String(round)};\n${typed}`);
      const asked = performance.now();
      const found = await notebook.names(middle, `;\n${typed}|`);
      times.push(performance.now() - asked);
      if (!found.includes(typed === 'mod' ? `model${String(middle)}` : 'summary')) throw new Error('Not completed');
    }
  }
  const name = `, ${String(cells)} cells`;
  const row = (what: string, times: readonly number[]): Row => {
    const value = median(times);
    const goal = cells === 20 ? atMost(300, 'ms', value) : {};
    return { bench: 'notebook', name: what + name, value, unit: 'ms', ...goal, note: rounds(times) };
  };
  return [
    { bench: 'notebook', name: `First errors of a cell${name}`, value: start, unit: 'ms', note: 'a new server' },
    row('Members of a name after an edit', members),
    row('Names, with what could be imported, after an edit', names),
  ];
}

/** TypeScript's own share: names in one file of the same text, of which the lab's plugin knows nothing. */
async function plain(server: TypescriptServer, file: string, cells: number): Promise<Row> {
  const text = Array.from({ length: cells / 2 + 1 }, (_, index) => textOf(index)).join('\n');
  const above = text.replace("'deep-learning-lab'", JSON.stringify(path.join(root, 'dist', 'types', 'lab', 'index')));
  let shown = above;
  const end = (): ts.server.protocol.Location => {
    const lines = shown.split('\n');
    return { line: lines.length, offset: lines.at(-1)!.length + 1 };
  };
  server.open([{ file, fileContent: shown, projectRootPath: path.dirname(file), scriptKindName: 'TS' }]);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const newText = `${above}\nconst new${String(round)} = ${String(round)};\nmod`;
    const textChanges = [{ start: { line: 1, offset: 1 }, end: end(), newText }];
    server.send('updateOpen', { changedFiles: [{ fileName: file, textChanges }] });
    shown = newText;
    const asked = performance.now();
    const found = await server.ask<ts.server.protocol.CompletionInfo>('completionInfo', { file, ...end() });
    times.push(performance.now() - asked);
    if (!found.entries.some(({ name }) => name === `model${String(cells / 2)}`)) throw new Error('Not completed');
  }
  const name = `The same names in a plain file, by TypeScript alone, ${String(cells)} cells`;
  return { bench: 'notebook', name, value: median(times), unit: 'ms', note: rounds(times) };
}

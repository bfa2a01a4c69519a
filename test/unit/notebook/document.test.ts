import assert from 'node:assert/strict';
import seedrandom from 'seedrandom';
import { exerciseOf, readNotebook, type Cell, type Notebook } from '../../../src/notebook/document';
import { decodeNotebook } from '../../../src/notebook/encoding';
import { writeNotebook } from '../../../src/notebook/write';
import { LabError } from '../../../src/protocol/errors';
import { markdownFiles } from './corpus';
import { generateMarkdown } from './generate';

const md = (text: string): Cell => ({ kind: 'markdown', language: 'markdown', text });
const ts = (text: string): Cell => ({ kind: 'code', language: 'typescript', text });
/** What a reader of cells sees. */
const seen = (cells: readonly Cell[]): string[] => cells.map(({ language, text }) => `${language}|${text}`);
const read = (text: string): string[] => seen(readNotebook(text).cells);
const withCells = (notebook: Notebook, change: (cells: Cell[]) => void): string => {
  const cells = [...notebook.cells];
  change(cells);
  return writeNotebook({ ...notebook, cells });
};
/** Each line end as VS Code's editors make it of a cell. */
const normalized = (notebook: Notebook, end: string): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell) => ({ ...cell, text: cell.text.replace(/\n/g, end) })),
});

const LESSON = `---
title: Spirals
order: 2
---

# Spirals

A point in the plane.

\`\`\`ts
const a = 1;
\`\`\`

Then

\`\`\`python
print(1)
\`\`\`

\`\`\`js
const b = 2;

a + b
\`\`\`
`;

describe('a notebook as cells', () => {
  it('is text and code in turns; front matter is no cell, fences of other languages are text', () => {
    assert.deepEqual(read(LESSON), [
      'markdown|# Spirals\n\nA point in the plane.',
      'typescript|const a = 1;',
      'markdown|Then\n\n```python\nprint(1)\n```',
      'javascript|const b = 2;\n\na + b',
    ]);
    assert.equal(readNotebook(LESSON).head, '---\ntitle: Spirals\norder: 2\n---\n\n');
  });

  it('has nothing to remember of a file that is written as usual', () => {
    for (const { layout } of readNotebook(LESSON).cells) assert.deepEqual(layout, {});
  });

  it('cuts text before headings and at two blank lines, not inside lists', () => {
    assert.deepEqual(read('# A\na\n\n## B\n\nb\n\n\nc\n\n- d\n\n\n- e\nTitle\n===\nf\n'), [
      'markdown|# A\na',
      'markdown|## B\n\nb',
      'markdown|c\n\n- d\n\n\n- e\nTitle\n===\nf',
    ]);
    assert.deepEqual(read('a\n\nTitle\n===\nb\n'), ['markdown|a', 'markdown|Title\n===\nb']);
  });

  it('knows the languages by the first word', () => {
    for (const info of ['ts', 'TypeScript', ' ts {x}', 'typescript title="a"'])
      assert.deepEqual(read(`\`\`\`${info}\n1\n\`\`\`\n`), ['typescript|1'], info);
    for (const info of ['js', 'javascript']) assert.deepEqual(read(`~~~${info}\n1\n~~~\n`), ['javascript|1'], info);
    for (const info of ['', 'tsx', 'json', 'ts{1}', 'constructor'])
      assert.match(read(`\`\`\`${info}\n1\n\`\`\`\n`)[0]!, /^markdown/, info);
  });

  it('knows the exercise that a fence names', () => {
    const [cell] = readNotebook('```ts exercise=output-gradient\n1\n```\n').cells;
    assert.equal(exerciseOf(cell!.layout!.open!), 'output-gradient');
    for (const open of ['```ts', '```ts noexercise=a', '```ts exercise='])
      assert.equal(exerciseOf(open), undefined, open);
  });

  it('takes text between two rules for text', () => {
    assert.deepEqual(read('---\nSome words\n\n---\n```ts\n1\n```\n'), [
      'markdown|---\nSome words\n\n---',
      'typescript|1',
    ]);
    assert.equal(readNotebook('---\nSome words\n---\n').head, '');
  });

  it('is empty for an empty file only', () => {
    for (const text of ['', '\uFEFF', '\n\n', ' \t\r\n']) {
      assert.equal(readNotebook(text).cells.length, 0);
      assert.equal(writeNotebook(readNotebook(text)), text);
    }
    assert.equal(readNotebook('\0').cells.length, 1);
  });
});

describe('a notebook that is opened and saved', () => {
  const cases: Record<string, string> = {
    'Windows line ends': LESSON.replace(/\n/g, '\r\n'),
    'old line ends': LESSON.replace(/\n/g, '\r'),
    'mixed line ends': 'a\r\nb\n\r```ts\r1\n2\r\n```\n\r\nc\r\nd',
    'mixed line ends in one cell': '```ts\n1\r\n2\r3\n\r\n```\r',
    'a byte order mark': `\uFEFF${LESSON}`,
    'two, and more inside': '\uFEFF\uFEFFa\n\n```ts\n\uFEFFb\n```\n\n\uFEFF\n\uFEFFc\n',
    'no final newline': LESSON.trimEnd(),
    'many blank lines': `\n\n\n${LESSON.replace(/\n\n/g, '\n\n \n\t\n')}\n\n\n`,
    'no blank lines': 'a\n```ts\n1\n```\nb\n```js\n2\n```\n```ts\n3\n```\n# c\n## d\ne',
    'long fences, tildes, info strings, indents':
      '`````ts  {x: 1} \n```\n`````\n\n ~~~ typescript\n  a\n   ~~~~~ \n\n   ```js\nb\n```\t\n',
    tabs: 'a\tb\n\n```ts\n\tif (a) {\n\t}\n```\n\n\tindented\n',
    'an unclosed fence': 'a\n\n```ts\nb\n\n\n',
    'an unclosed fence without a line': 'a\n\n```ts',
    'an unclosed fence with an empty line': 'a\n\n```ts\n\n',
    'empty fences': '```ts\n```\n\n```ts\n\n```\n\n```ts\n\n\n```\n',
    'an unclosed comment': 'a\n\n<!-- b\n```ts\n1\n```\n',
    'NUL, form feed, line separators': 'a\0\f\u2028\u2029b\n\n```ts\n"\0\u2028"\n```\n',
    'front matter alone': '---\na: 1\n---',
  };
  for (const [name, text] of Object.entries(cases))
    it(`has the same bytes: ${name}`, () => {
      const notebook = readNotebook(text);
      assert.equal(writeNotebook(notebook), text);
      for (const end of ['\r\n', '\r']) assert.equal(writeNotebook(normalized(notebook, end)), text, 'other line ends');
      // What VS Code keeps of it is JSON.
      assert.equal(writeNotebook(JSON.parse(JSON.stringify(notebook)) as Notebook), text);
    });

  it('has the same bytes: generated Markdown', () => {
    for (let seed = 1; seed <= 5000; seed++) {
      const text = generateMarkdown(seed);
      assert.equal(writeNotebook(readNotebook(text)), text, `seed ${seed}`);
    }
  });

  it('has the same bytes: every Markdown file of node_modules', () => {
    let code = 0;
    for (const { file, bytes } of markdownFiles()) {
      let text;
      try {
        text = decodeNotebook(bytes, file);
      } catch (error) {
        assert.ok(error instanceof LabError && error.code === 'NOTEBOOK_ENCODING');
        continue;
      }
      const notebook = readNotebook(text);
      code += notebook.cells.filter(({ kind }) => kind === 'code').length;
      assert.ok(Buffer.from(writeNotebook(notebook)).equals(bytes), file);
    }
    assert.ok(code > 500, `only ${code} cells of code`);
  });
});

describe('a notebook that is edited', () => {
  it('changes in the bytes of the cell alone', () => {
    const text = 'a\r\n```ts {x}\n1\n~~~\n```  \n\n\n\n~~~~ js\n2\n~~~~~\nb\n# c\n';
    const notebook = readNotebook(text);
    const edited = (index: number, to: string): string =>
      withCells(notebook, (cells) => (cells[index] = { ...cells[index]!, text: to }));
    assert.deepEqual(
      notebook.cells.map((cell) => cell.text),
      ['a', '1\n~~~', '2', 'b', '# c'],
    );
    assert.equal(edited(0, 'A\nAA'), text.replace('a\r\n', 'A\nAA\r\n'));
    assert.equal(edited(1, '7\n8'), text.replace('1\n~~~', '7\n8'));
    assert.equal(edited(2, ''), text.replace('js\n2\n', 'js\n\n'));
    assert.equal(edited(3, 'B'), text.replace('b\n', 'B\n'));
    assert.equal(edited(4, '# C'), text.replace('# c', '# C'));
  });

  it('changes in the bytes of the cell alone: each cell of generated Markdown', () => {
    for (let seed = 1; seed <= 1500; seed++) {
      const text = generateMarkdown(seed);
      const notebook = readNotebook(text);
      for (const [index, cell] of notebook.cells.entries()) {
        const changed = withCells(notebook, (cells) => (cells[index] = { ...cell, text: 'EDITED' }));
        const expected = seen(notebook.cells);
        expected[index] = `${cell.language}|EDITED`;
        assert.deepEqual(read(changed), expected, `seed ${seed}, cell ${index}:\n${text}\n--->\n${changed}`);
        if (cell.kind !== 'code' || cell.text.trim() === '' || text.split(cell.text).length > 2) continue;
        const [before = '', after = ''] = text.replace(/\r\n|\r/g, '\n').split(cell.text);
        assert.equal(changed.replace(/\r\n|\r/g, '\n'), `${before}EDITED${after}`, `seed ${seed}, cell ${index}`);
      }
    }
  });

  it('is good Markdown after cells are added', () => {
    const notebook = readNotebook('a\n```ts\n1\n```\nb');
    const text = withCells(notebook, (cells) => {
      cells.splice(1, 0, md('new'), ts('const x = 0;'));
      cells.push(ts('2'), md('# end\n'), md('more'));
    });
    assert.equal(
      text,
      'a\n\n\nnew\n\n```ts\nconst x = 0;\n```\n\n```ts\n1\n```\nb\n\n```ts\n2\n```\n\n# end\n\n\nmore\n',
    );
    assert.deepEqual(read(text), [
      'markdown|a',
      'markdown|new',
      'typescript|const x = 0;',
      'typescript|1',
      'markdown|b',
      'typescript|2',
      'markdown|# end',
      'markdown|more',
    ]);
  });

  it('has a fence that is longer than any inside, also in a language that is changed', () => {
    const notebook = readNotebook('```ts\n1\n```\n');
    const text = withCells(notebook, (cells) => {
      cells[0] = { ...cells[0]!, language: 'javascript', text: '`\n````\n`' };
      cells.push({ kind: 'code', language: 'python', text: 'print()' });
    });
    assert.equal(text, '`````js\n`\n````\n`\n`````\n\n```python\nprint()\n```\n');
  });

  it('closes what would swallow the next cell', () => {
    const cells = [
      md('<!-- a'),
      ts('1'),
      md('```md\nx'),
      ts('2'),
      md('<div>\n\n<script>'),
      ts('3'),
      md('- ```\n  a'),
      ts('4'),
    ];
    const text = writeNotebook({ head: '', eol: '\n', cells });
    assert.equal(
      read(text)
        .filter((cell) => cell.startsWith('typescript'))
        .join(),
      'typescript|1,typescript|2,typescript|3,typescript|4',
    );
    assert.match(text, /<!-- a\n-->\n\n```ts/);
    const unclosed = readNotebook('```ts\n1');
    assert.equal(
      withCells(unclosed, (own) => own.push(ts('2'))),
      '```ts\n1\n```\n\n```ts\n2\n```\n',
    );
  });

  it('keeps an indented fence out of a list that comes to stand before it', () => {
    const notebook = readNotebook('a\n  ```ts\n1\n  ```\n');
    const text = withCells(notebook, (cells) => (cells[0] = { ...cells[0]!, text: '- a' }));
    assert.deepEqual(read(text), ['markdown|- a', 'typescript|1']);
  });

  it('ends a list before indented text, which would belong to it', () => {
    const cells = [md('- a'), md('  b'), md('1. c'), md('1. d'), ts('1')];
    assert.equal(
      writeNotebook({ head: '', eol: '\n', cells }),
      '- a\n\n\n<!-- -->\n\n  b\n\n\n1. c\n\n\n1. d\n\n```ts\n1\n```\n',
    );
  });

  it('leaves a fence typed into text there: it is a cell when the file is opened again', () => {
    const text = writeNotebook({ head: '', eol: '\n', cells: [md('a\n```ts\n1\n```\nb')] });
    assert.equal(text, 'a\n```ts\n1\n```\nb\n');
    assert.equal(read(text).length, 3);
  });

  it('drops cells of text without text', () => {
    assert.equal(writeNotebook({ head: '', eol: '\n', cells: [md(' \n'), ts('1'), md('')] }), '```ts\n1\n```\n');
  });

  it('keeps the code, and the text in order, whatever is moved, deleted, copied and added', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const random = seedrandom(`moves ${seed}`);
      const notebook = readNotebook(generateMarkdown(seed) + '\n\n' + generateMarkdown(seed + 10_000));
      const cells = [...notebook.cells];
      for (let moves = 0; moves < 3 && cells.length > 0; moves++) {
        const place = (): number => Math.floor(random() * cells.length);
        const kind = random();
        if (kind < 0.3) cells.splice(place(), 0, ...cells.splice(place(), 1));
        else if (kind < 0.5) cells.splice(place(), 1);
        else if (kind < 0.7) cells.splice(place(), 0, cells[place()]!);
        else cells.splice(place(), 0, random() < 0.5 ? md('- new\n\n  text') : ts('`new`'));
      }
      const text = writeNotebook({ ...notebook, cells });
      const code = (of: readonly Cell[]): string[] => seen(of).filter((cell) => !cell.startsWith('markdown'));
      assert.deepEqual(code(readNotebook(text).cells), code(cells), `seed ${seed}:\n${text}`);
      assert.equal(writeNotebook(readNotebook(text)), text);
      for (const cell of cells)
        for (const line of cell.text.split('\n')) assert.ok(text.includes(line), `seed ${seed}`);
    }
  });
});

const PIECES = [
  '`',
  '~',
  '*',
  '* ',
  '- ',
  '>',
  '#',
  '=',
  '<',
  '<a b',
  '\t',
  '1. ',
  '\n',
  '\r',
  '[',
  '\uFEFF',
  '-\n\n',
  '> - ',
];

describe('a notebook of any size and damage', () => {
  const big = 10 * 1024 * 1024;
  const sizes: Record<string, string> = {
    'a cell of 10 MB': '```ts\n' + 'const a = 1;\n'.repeat(big / 13) + '```\n',
    'a line of 10 MB': 'x'.repeat(big),
    ...Object.fromEntries(
      PIECES.map((piece) => [`a megabyte of ${JSON.stringify(piece)}`, piece.repeat(big / 10 / piece.length)]),
    ),
    'a tag with a million attributes': '<a' + ' b="c"'.repeat(1_000_000) + '>\n```ts\n```\n',
    '1,000 cells': 'text\n\n```ts\n1\n```\n\n'.repeat(1000),
  };
  for (const [name, text] of Object.entries(sizes))
    it(`opens and keeps every byte: ${name}`, () => {
      const notebook = readNotebook(text);
      assert.ok(writeNotebook(notebook) === text);
      assert.ok(text.trim().replace(/\uFEFF/g, '') === '' || notebook.cells.length > 0);
    });

  it('is not opened where its bytes are no UTF-8, which a save would lose', () => {
    for (const bytes of [[0x61, 0xff, 0x62], [0xc3], [0xff, 0xfe, 0x61, 0x00], [0xed, 0xa0, 0x80]])
      assert.throws(
        () => decodeNotebook(Uint8Array.from(bytes), '/x/a.lab.md'),
        (error) =>
          error instanceof LabError &&
          error.code === 'NOTEBOOK_ENCODING' &&
          error.data.location?.file === '/x/a.lab.md',
      );
    assert.equal(decodeNotebook(Buffer.from('\uFEFFä'), 'a'), '\uFEFFä');
  });
});

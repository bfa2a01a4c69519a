/** Where fences stand, held against markdown-it, which is what VS Code renders Markdown with. */
import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { BlockScanner } from '../../../src/notebook/blocks';
import { linesOf } from '../../../src/notebook/lines';
import { markdownFiles } from './corpus';
import { generateMarkdown } from './generate';

/** [first line, line behind the last, info] of each fence of the top level. */
type Found = [begin: number, end: number, info: string];

const oracle = new MarkdownIt({ html: true });

function byMarkdownIt(text: string): Found[] {
  return oracle
    .parse(text, {})
    .filter(({ type, level }) => type === 'fence' && level === 0)
    .map(({ map, info }) => [map![0], map![1], info.trim()]);
}

function byScanner(text: string): Found[] {
  const scanner = new BlockScanner();
  const found: Found[] = [];
  const { texts } = linesOf(text);
  // A last line end begins no line.
  const lines = texts.at(-1) === '' ? texts.slice(0, -1) : texts;
  for (const [index, line] of lines.entries()) {
    const role = scanner.read(line);
    if (role === 'opens') found.push([index, lines.length, line.replace(/^ *(?:`+|~+)/, '').trim()]);
    const last = found.at(-1);
    if (role === 'closes') last![1] = index + 1;
  }
  return found;
}

/** Info strings are compared as they are written; markdown-it reads escapes and entities in them. */
const plain = (found: readonly Found[]): Found[] =>
  found.map(([begin, end, info]) => [begin, end, /[\\&]/.test(info) ? '' : info]);

/** markdown-it does not count a last line of spaces alone; with a line end it is one for both. */
function check(written: string, name: string): void {
  const text = /[\r\n]$/.test(written) ? written : `${written}\n`;
  assert.deepEqual(plain(byScanner(text)), plain(byMarkdownIt(text)), name);
}

describe('fences of the top level', () => {
  const cases: readonly [name: string, text: string, fences: number][] = [
    ['plain', '```ts\na\n```\n', 1],
    ['in a list', '- a\n  ```ts\n  b\n  ```\n', 0],
    ['after a list, not indented', '- a\n```ts\nb\n```\n', 1],
    ['in a quote', '> ```ts\n> a\n> ```\n', 0],
    ['after a quote, which it ends', '> a\n```ts\nb\n```\n', 1],
    ['in a comment', '<!--\n```ts\n```\n-->\n', 0],
    ['in a tag, up to a blank line', '<div>\n```ts\n\n```js\n```\n', 1],
    ['in <pre>', '<pre>\n\n```ts\n```\n</pre>\n', 0],
    ['in another fence', '~~~md\n```ts\n```\n~~~\n', 1],
    ['indented by four', '    ```ts\n    a\n', 0],
    ['indented by three', '   ```ts\n   a\n  ```\n', 1],
    ['indented by a tab', '\t```ts\n', 0],
    ['with a shorter fence inside', '````ts\n```\n````\n', 1],
    ['with backticks in its info', '``` a`b\n', 0],
    ['not closed', 'a\n```ts\nb', 1],
    ['a tag of any name under a paragraph', 'a\n<custom>\n```ts\n```\n', 1],
    ['a tag of any name alone', '<custom>\n```ts\n```\n', 0],
    ['under a heading in a list that goes on without marks', '- # a\n<custom>\n```ts\n```\n', 0],
    ['with line ends of all kinds', 'a\r\r```ts\r\nb\n```\r', 1],
  ];
  for (const [name, text, count] of cases)
    it(`are found as markdown-it finds them: ${name}`, () => {
      check(text, name);
      assert.equal(byScanner(text).length, count);
    });

  it('are where markdown-it finds them in generated Markdown', () => {
    for (let seed = 1; seed <= 5000; seed++) {
      const text = generateMarkdown(seed);
      check(text, `seed ${seed}:\n${text}`);
    }
  });

  it('are where markdown-it finds them in every Markdown file of node_modules', () => {
    let fences = 0;
    for (const { file, text } of markdownFiles()) {
      check(text, file);
      fences += byScanner(text).length;
    }
    assert.ok(fences > 1000, `only ${fences} fences`);
  });
});

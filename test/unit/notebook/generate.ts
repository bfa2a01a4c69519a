/** Markdown as nobody would write it: pieces that begin, nest, end and break blocks, put together by a seed. */
import seedrandom from 'seedrandom';

const PIECES = [
  '```ts',
  '```',
  '````',
  '~~~',
  '~~~js',
  '```javascript {x}',
  '``` TypeScript',
  '```python',
  '```a`b',
  'text',
  '# Heading',
  '##',
  '===',
  '---',
  '***',
  '- ',
  '-',
  '* item',
  '1. one',
  '2) two',
  '10. ten',
  '> ',
  '>',
  '<div>',
  '</div>',
  '<!-- comment',
  '-->',
  '<!-- whole -->',
  '<pre>',
  '</pre>',
  '<custom a="b">',
  '</custom>',
  '<?php',
  '?>',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE html',
  'const x = `a`;',
  '$$',
  '\\`\\`\\`',
  '',
];
const INDENTS = ['', '', '', '', ' ', '  ', '   ', '    ', '      ', '\t', ' \t', '  \t'];
const MARKS = ['', '', '', '', '> ', '>', '- ', '-   ', '1. ', '2. ', '-\t', '>\t', '+ ', '-      '];
const ENDS = ['\n', '\n', '\n', '\r\n', '\r'];

export function generateMarkdown(seed: number): string {
  const random = seedrandom(String(seed));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const end = pick(ENDS);
  const mixed = random() < 0.2;
  let text = '';
  const lines = 1 + Math.floor(random() * 14);
  for (let line = 0; line < lines; line++) {
    if (random() < 0.2) text += pick(['', '', ' ', '\t']);
    else {
      text += pick(INDENTS);
      for (let mark = pick(MARKS); mark !== ''; mark = pick(MARKS)) text += mark + pick(INDENTS);
      text += pick(PIECES) + (random() < 0.1 ? pick([' ', '\t']) : '');
    }
    if (line < lines - 1 || random() < 0.7) text += mixed ? pick(ENDS) : end;
  }
  return text;
}

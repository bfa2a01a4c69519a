/** Each lesson's notebook as a learner goes through it, before any exercise is solved: a real kernel, top to bottom. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import type TypeScript from 'typescript';
import { exerciseOf, readNotebook } from '../../../src/notebook/document';
import { seedOfRun, some } from '../../support/sample';
import { Notebook } from '../kernel/support';
import { root } from '../trainer/support';

/** Not bundled: TypeScript finds its library files beside itself. */
const ts = createRequire(path.resolve('package.json'))('typescript') as typeof TypeScript;

const LANGUAGES = { english: 'lesson.lab.md', chinese: 'lesson.zh-cn.lab.md' };
const samples = path.join(root, 'samples');
const lessons = fs.readdirSync(samples).filter((name) => fs.existsSync(path.join(samples, name, 'lesson.lab.md')));

const read = (lesson: string, file: string): string => fs.readFileSync(path.join(samples, lesson, file), 'utf8');
const filesOf = (lesson: string): string[] =>
  fs.readdirSync(path.join(samples, lesson)).filter((name) => /\.(?:ts|tsv)$/.test(name));
const cellsOf = (text: string): string[] =>
  readNotebook(text).cells.flatMap(({ kind, text: source }) => (kind === 'code' ? [source] : []));
const proseOf = (text: string): string =>
  readNotebook(text)
    .cells.flatMap(({ kind, text: markdown }) => (kind === 'markdown' ? [markdown] : []))
    .join('\n\n');

/** The tokens of a cell without comments, and with nothing in its texts. */
function skeleton(source: string): string[] {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true);
  const tokens: string[] = [];
  const visit = (node: TypeScript.Node): void => {
    const children = node.getChildren(file);
    if (children.length > 0) children.forEach(visit);
    else tokens.push(isText(node) ? ts.SyntaxKind[node.kind] : node.getText(file));
  };
  visit(file);
  return tokens;
}

/** What a learner reads. The path of an import is none. */
function isText(node: TypeScript.Node): boolean {
  const isLiteral = ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node);
  return isLiteral && !ts.isImportDeclaration(node.parent);
}

describe('the notebooks of the lessons', function () {
  this.timeout(600_000);

  const chosen = some(lessons, 2);
  for (const lesson of lessons) {
    it(`${lesson}: the same cells and figures in both languages`, () => {
      const [english, chinese] = [read(lesson, LANGUAGES.english), read(lesson, LANGUAGES.chinese)];
      assert.ok(cellsOf(english).length > 0);
      assert.deepEqual(cellsOf(chinese).map(skeleton), cellsOf(english).map(skeleton));
      const figures = (text: string): string[] => (proseOf(text).match(/\d+\.\d+/g) ?? []).sort();
      assert.deepEqual(figures(chinese), figures(english));
    });

    it(`${lesson}: each exercise has a cell that leads to it, in the order of the exercises`, () => {
      const folder = path.join(samples, lesson, 'exercises');
      const folders = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
      const ids = folders.filter((name) => /^\d+-/.test(name)).map((name) => name.replace(/^\d+-/, ''));
      for (const file of Object.values(LANGUAGES)) {
        const named = readNotebook(read(lesson, file)).cells.flatMap(
          ({ layout }) => exerciseOf(layout?.open ?? '') ?? [],
        );
        assert.deepEqual(named, ids, file);
      }
    });

    if (!chosen.includes(lesson)) continue;
    // The code is the same: what one language shows, the other does.
    for (const language of seedOfRun() === undefined ? (['english', 'chinese'] as const) : (['english'] as const))
      it(`${lesson}: every cell runs, top to bottom, with the exercises unsolved, in ${language}`, async () => {
        const notebook = new Notebook();
        try {
          for (const name of filesOf(lesson)) notebook.write(name, read(lesson, name));
          for (const [index, source] of cellsOf(read(lesson, LANGUAGES[language])).entries()) {
            const { end } = await notebook.run(source, { cell: `cell:${index + 1}`, lesson });
            assert.equal(end.state, 'done', `${source}\n${JSON.stringify(end.error, undefined, 2)}`);
          }
          for (const figure of FIGURES[lesson] ?? []) await agrees(notebook, lesson, figure);
        } finally {
          await notebook.dispose();
        }
      });
  }
});

/** A figure of the prose, and the expression that gives it after the last cell. */
interface Figure {
  /** As the English prose says it, with # in its place. */
  readonly says: string;
  readonly value: string;
  /** How far off it may be: processors differ in the last bits, and a long training makes more of them. */
  readonly within: number;
}

/** Of the last five epochs, the mean. */
const lastFive = (series: string): string => `${series}.slice(-5).reduce((sum, value) => sum + value / 5, 0)`;

const FIGURES: Readonly<Record<string, readonly Figure[]>> = {
  'neural-network': [
    { says: 'the loss went from # ', value: 'run.history.loss[0]', within: 0.01 },
    { says: 'to # after the 60th', value: 'run.history.loss.at(-1)', within: 0.01 },
    { says: 'gets # % of the points right', value: '100 * lines.history.val_accuracy.at(-1)', within: 1.5 },
    { says: 'no activation at all: # %', value: '100 * chosen.history.val_accuracy.at(-1)', within: 1.5 },
    { says: '`tanh` is at # %', value: '100 * run.history.val_accuracy[19]', within: 3 },
    { says: 'large steps go from 1.09 to #', value: 'whole.history.loss.at(-1)', within: 0.01 },
    { says: 'after ten they are at #', value: 'run.history.loss[9]', within: 0.02 },
    { says: 'enough for # % of the circles', value: '100 * elsewhere.history.val_accuracy.at(-1)', within: 1.5 },
  ],
  backpropagation: [
    { says: 'to # % of the test pictures', value: '100 * run.history.val_reference_accuracy[1]', within: 1.5 },
    { says: 'TensorFlow says #,', value: 'crossentropy(logits).dataSync()[0]', within: 0.01 },
    { says: 'from # to 0.18', value: 'Math.min(...right.map((one) => one.abs().max().dataSync()[0]))', within: 0.005 },
    { says: 'from 0.14 to #:', value: 'Math.max(...right.map((one) => one.abs().max().dataSync()[0]))', within: 0.005 },
    { says: 'it is # from one side', value: 'Object.values(sides)[0][30]', within: 0.0005 },
  ],
  'image-classification': [
    { says: 'After the first epoch its loss is #,', value: 'run.history.loss[0]', within: 0.02 },
    { says: 'after the fourth #,', value: 'run.history.loss[3]', within: 0.02 },
    { says: 'and # % of the test pictures are right', value: '100 * run.history.val_accuracy.at(-1)', within: 2 },
    { says: '# %, as good as the convolutions', value: '100 * dense.history.val_accuracy.at(-1)', within: 2 },
  ],
  dropout: [
    { says: 'The loss goes to #', value: lastFive('loss'), within: 0.02 },
    { says: 'for a few epochs, to #', value: 'Math.min(...val_loss)', within: 0.02 },
    { says: 'then turns and climbs to #', value: lastFive('val_loss'), within: 0.05 },
    { says: 'At 0.5, val_loss falls to #', value: 'Math.min(...dropping.history.val_loss)', within: 0.03 },
    { says: 'and ends at #;', value: lastFive('dropping.history.val_loss'), within: 0.03 },
    { says: 'turns at # and', value: 'Math.min(...dropping.history.val_reference_loss)', within: 0.03 },
    { says: 'turns at 0.62 and climbs to #', value: lastFive('dropping.history.val_reference_loss'), within: 0.06 },
  ],
  'text-classification': [
    { says: '# % of the test sentences', value: '100 * floor', within: 0.1 },
    { says: '| bag of words | # |', value: 'Math.min(...bag.history.val_loss)', within: 0.01 },
    { says: '| embeddings | # |', value: 'Math.min(...embedded.history.val_loss)', within: 0.01 },
    { says: '| GloVe | # |', value: 'Math.min(...pretrained.history.val_loss)', within: 0.01 },
    { says: 'bidirectional LSTM | # |', value: 'Math.min(...reading.history.val_loss)', within: 0.02 },
    { says: '# % by characters, 86.8', value: '100 * counted.characters', within: 0.1 },
    { says: 'and # % by pairs with 0.1', value: "100 * counted['pairs, 0.1']", within: 0.1 },
    { says: 'Characters alone: val_loss #,', value: 'Math.min(...byCharacters.history.val_loss)', within: 0.01 },
    { says: 'With the pairs: val_loss #,', value: 'Math.min(...byPairs.history.val_loss)', within: 0.01 },
  ],
  gpt: [
    { says: '# nats: as if', value: 'floor', within: 0.01 },
    { says: 'chose among # equally', value: 'Math.exp(floor)', within: 0.1 },
    { says: 'val_loss # after 600', value: 'run.history.val_loss.at(-1)', within: 0.05 },
  ],
  'language-model': [
    { says: 'with a probability of #.', value: 'inside.next()[0].probability', within: 0.01 },
    { says: 'Of the six, # are right', value: 'after.filter(({ right }) => right).length', within: 1 },
  ],
  'transfer-learning': [
    { says: 'It knows # % of its own digits', value: '100 * teacher.history.val_accuracy.at(-1)', within: 1 },
    { says: 'the new head knows # %', value: '100 * head.history.val_accuracy[0]', within: 5 },
    { says: 'the network from scratch # %: one', value: '100 * scratch.history.val_accuracy[0]', within: 5 },
    { says: 'they are level, # %', value: '100 * head.history.val_accuracy.at(-1)', within: 3 },
    { says: '70.0 % and # %', value: '100 * scratch.history.val_accuracy.at(-1)', within: 3 },
    { says: 'it comes to # % in ten', value: '100 * tuned.history.val_accuracy.at(-1)', within: 8 },
  ],
};

async function agrees(notebook: Notebook, lesson: string, { says, value, within }: Figure): Promise<void> {
  const [before = '', behind = ''] = says.split('#').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`${before}(\\d+(?:\\.\\d+)?)${behind}`);
  const said = Number(pattern.exec(proseOf(read(lesson, LANGUAGES.english)))?.[1]);
  const found = Number(await notebook.value(value));
  assert.ok(Math.abs(found - said) <= within, `${lesson}: the prose says ${said}, ${value} is ${found}`);
}

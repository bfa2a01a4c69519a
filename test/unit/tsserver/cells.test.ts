/** What TypeScript's server says of the cells of notebooks, with the lab's plugin: the server itself, asked as VS Code asks. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type ts from 'typescript';
import { ServedNotebook, TypescriptServer, vscodeTypescript, type CellText } from '../../support/tsserver';

type FileSpan = ts.server.protocol.FileSpan;

const LESSON = `import { tf } from 'deep-learning-lab';
export function double(x: number): number {
  return 2 * x;
}
export const zeros = tf.zeros([2, 3]);
`;

describe('types across the cells of a notebook', function () {
  this.timeout(120_000);
  let server: TypescriptServer;
  let folder: string;
  let count = 0;

  before(() => {
    server = new TypescriptServer();
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab-types-')));
    fs.writeFileSync(path.join(folder, 'model.ts'), LESSON);
  });
  after(() => {
    server.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const open = (...cells: (string | CellText)[]): ServedNotebook =>
    new ServedNotebook(server, path.join(folder, `${String(++count)}.lab.md`), cells);
  const noErrors = async (...cells: (string | CellText)[]): Promise<void> => {
    const notebook = open(...cells);
    for (const index of cells.keys()) assert.deepEqual(await notebook.errors(index), [], `cell ${String(index)}`);
  };

  it('completes what the lab gives, what cells above declare, and what the lesson’s own files export', async () => {
    const notebook = open(
      `import { tf } from 'deep-learning-lab';\nconst model = tf.sequential();`,
      `import { zeros } from './model';\nconst rate = 0.1;\nzeros.`,
      `model.`,
      `r`,
    );
    assert.ok((await notebook.names(1, 'zeros.|')).includes('reshape'));
    assert.ok((await notebook.names(2, 'model.|')).includes('summary'));
    const entries = await notebook.completions(3, 'r|');
    const kinds = Object.fromEntries(
      entries
        .filter(({ name }) => ['tf', 'model', 'rate', 'zeros'].includes(name))
        .map(({ name, kind }) => [name, kind]),
    );
    assert.deepEqual(kinds, { tf: 'alias', model: 'const', rate: 'const', zeros: 'alias' });
  });

  it('goes on completing while a cell is unfinished', async () => {
    const notebook = open(
      `import { tf } from 'deep-learning-lab';\nconst model = tf.sequential();`,
      `function go() {\n  if (true) {\n    model.`,
      'const text = `${model.',
      `model.add(tf.layers.dense({ units: 3, `,
      `class A { b() { model.`,
      `/* later */ const t = [1, (model.`,
    );
    for (const [index, around] of [
      [1, 'model.|'],
      [2, '${model.|'],
      [4, 'model.|'],
      [5, 'model.|'],
    ] as const) {
      assert.ok((await notebook.names(index, around)).includes('summary'), `cell ${String(index)}`);
    }
    assert.ok((await notebook.names(3, 'units: 3, |')).includes('activation'));
  });

  it('knows cells above, not cells below, by the order of the notebook', async () => {
    const notebook = open('const a = 1;', 'const c = a + b;', 'const b = 2;');
    assert.deepEqual(await notebook.errors(1), ["2304: Cannot find name 'b'."]);
    notebook.order([2, 0, 1]);
    assert.deepEqual(await notebook.errors(1), []);
    notebook.order([1, 0, 2]);
    assert.deepEqual(await notebook.errors(1), ["2304: Cannot find name 'a'.", "2304: Cannot find name 'b'."]);
  });

  it('follows edits: a name that is gone is an error below, one that is new is known', async () => {
    const notebook = open('const a = [1];', 'a.at(0);');
    assert.deepEqual(await notebook.errors(1), []);
    notebook.edit(0, 'const b = 1;');
    assert.deepEqual(await notebook.errors(1), ["2304: Cannot find name 'a'."]);
    notebook.edit(0, 'const a = 1;');
    assert.deepEqual(await notebook.errors(1), ["2339: Property 'at' does not exist on type '1'."]);
    notebook.edit(1, 'a.toFixed();');
    assert.deepEqual(await notebook.errors(1), []);
  });

  it('keeps notebooks apart', async () => {
    open('const secret = 1;');
    assert.deepEqual(await open('secret;').errors(0), ["2304: Cannot find name 'secret'."]);
  });

  describe('no false errors:', () => {
    const CASES: Readonly<Record<string, readonly (string | CellText)[]>> = {
      'await at the top level, with and without imports': [
        'const a = await Promise.resolve(1);',
        "import { tf } from 'deep-learning-lab';\nawait tf.ready();",
        'for await (const x of [1]) console.log(x + a);',
        'await a',
      ],
      'names that are declared anew, as something else': [
        'const x = 1; let y = 2; class C { a = 1 } function f() { return 1; } enum E { A } type T = number; var z = 1;',
        "const x = 'a'; let y = 'b'; class C { b = 2 } function f(a: string) { return a; } enum E { B } type T = string; var z = 'a';",
        "x.trim(); y.trim(); new C().b.toFixed(); f('a').trim(); E.B; const t: T = 'a'; z.trim(); t;",
        'function x() { return 1; } const f = x() + 1; class y {} f.toFixed(); new y();',
      ],
      'the same import again, and imports in the middle': [
        "import { tf } from 'deep-learning-lab';\nimport * as fs from 'node:fs';",
        "const a = tf.scalar(1);\nimport { tf } from 'deep-learning-lab';\nimport fs from 'node:fs';\na.print();",
        'tf.scalar(fs.readdirSync(".").length)',
      ],
      'expressions whose value is the result': ['const a = [1, 2];', 'a', 'a.length\n', '({ a })', '`${a}`', 'a; a[0]'],
      'exports, of which modules are made': [
        'export const a = 1; const b = 2; export { b }; export default a;',
        'export default { a, b };',
        'export function g(): number { return a + b; }',
        'g()',
      ],
      'names that the browser’s types have, too': [
        "const name = 'x', status = 1, event = 2;",
        'name.trim(); status + event;',
      ],
      'assignments to variables of cells above': [
        'let count = 0; let last: number | undefined; var total = 1; const list = []; let any;',
        'count += 1; last = count; total = last; list.push(count); count++; [count, last] = [1, 2]; any = 1;',
        'count; last; total; list',
      ],
      'var out of a block, destructuring, and names in two meanings': [
        'for (var i = 0; i < 2; i++) { var j = i; }\nconst { a, b: [c, ...d], ...e } = { a: 1, b: [1, 2], f: 3 };\ninterface Row { a: number }\nconst Row = { a: 1 };',
        'i + j + a + c + d.length + e.f; const row: Row = Row; row;',
      ],
      'types of cells above, also in JavaScript': [
        "import { type Dataset } from 'deep-learning-lab';\ninterface P { a: number }\nconst p: P = { a: 1 };",
        { javascript: 'const q = p.a; undefinedInJavascript; q' },
        'q.toFixed(); let set: Dataset | undefined; set;',
      ],
      'a JavaScript cell that assigns, awaits and declares anew': [
        { javascript: 'let a = 1; const b = await a;' },
        { javascript: "a = 'x'; const b = 2; b" },
        'b.toFixed()',
      ],
      'JSON, Node, packages and dynamic imports': [
        "import path from 'node:path';\nimport { double } from './model';\nimport { zeros } from './model.ts';",
        "const { double: twice } = await import('./model');\ntwice(2).toFixed();",
        'path.join("a", String(double(2)), String(process.pid)); zeros.shape;',
      ],
      'nothing but comments, and nothing at all': ['', '// text', '/* text */', '   \n\n', 'const a = 1 // a'],
    };
    for (const [name, cells] of Object.entries(CASES)) it(name, () => noErrors(...cells));
  });

  describe('true errors, where they are:', () => {
    const CASES: Readonly<Record<string, readonly [cells: readonly (string | CellText)[], errors: readonly string[]]>> =
      {
        'a type that does not fit, from a cell above': [
          ['interface P { a: number }', "const p: P = { a: 'x' };"],
          ["2322: Type 'string' is not assignable to type 'number'."],
        ],
        'a constant of a cell above that is assigned to': [
          ['const a = 1;', 'a = 2;'],
          ["2632: Cannot assign to 'a' because it is an import."],
        ],
        'an unfinished statement': [['const a = 1;', 'const b = a +'], ['1109: Expression expected.']],
        'an open brace': [['const a = 1;', 'function f() { a'], ["1005: '}' expected."]],
        'a file that is not there': [
          ["import { a } from './missing';\na;"],
          ["2307: Cannot find module './missing' or its corresponding type declarations."],
        ],
        'types in a JavaScript cell': [
          [{ javascript: 'const a: number = 1;' }],
          ['8010: Type annotations can only be used in TypeScript files.'],
        ],
        'a name used before the cell declares it anew': [
          ['const a = 1;', 'const b = a; const a = 2;'],
          [
            "2448: Block-scoped variable 'a' used before its declaration.",
            "2454: Variable 'a' is used before being assigned.",
          ],
        ],
      };
    for (const [name, [cells, errors]] of Object.entries(CASES)) {
      it(name, async () => {
        assert.deepEqual(await open(...cells).errors(cells.length - 1), errors);
      });
    }
  });

  it('says of a name from above what it is, not that it is imported', async () => {
    const notebook = open(
      '/** How fast. */\nconst rate = 0.1;\nfunction f(a: string) { return a; }',
      'f(String(rate))',
    );
    assert.equal(await notebook.hover(1, 'ra|te'), 'const rate: 0.1');
    assert.equal(await notebook.hover(1, '|f(S'), 'function f(a: string): string');
    const details = await server.ask<ts.server.protocol.CompletionEntryDetails[]>('completionEntryDetails', {
      ...notebook.at(1, 'ra|te'),
      entryNames: ['rate'],
    });
    assert.equal(details[0]!.displayParts.map(({ text }) => text).join(''), 'const rate: 0.1');
    assert.equal(details[0]!.documentation!.map(({ text }) => text).join(''), 'How fast.');
  });

  it('shows the parameters of a function from above', async () => {
    const notebook = open('function f(first: string, second: number) { return first + second; }', "f('a', )");
    const help = await server.ask<ts.server.protocol.SignatureHelpItems>('signatureHelp', notebook.at(1, "f('a', |)"));
    assert.equal(help.argumentIndex, 1);
    assert.deepEqual(
      help.items[0]!.parameters.map(({ name }) => name),
      ['first', 'second'],
    );
  });

  it('leads from a use to its declaration: in a cell, in the lesson’s files, in the lab', async () => {
    const notebook = open(
      `import { tf } from 'deep-learning-lab';\nconst a = 1;`,
      `import { double } from './model';\ndouble(a); tf.scalar(1);`,
    );
    const definition = async (around: string): Promise<FileSpan> => {
      const answer = await server.ask<FileSpan[]>('definition', notebook.at(1, around));
      assert.equal(answer.length, 1);
      return answer[0]!;
    };
    const inCell = await definition('(|a)');
    assert.deepEqual([inCell.file, inCell.start], [notebook.name(0), { line: 2, offset: 7 }]);
    const inFile = await definition('dou|ble(a)');
    assert.deepEqual([inFile.file, inFile.start], [path.join(folder, 'model.ts'), { line: 2, offset: 17 }]);
    assert.match((await definition('sca|lar')).file, /dist\/types\/@tensorflow\/.*\.d\.ts$/);
  });

  it('finds and renames a name in every cell that means it, and in no other', async () => {
    const notebook = open('const a = 1;', 'a; a;', "const a = 'other'; a;", 'a;');
    const references = await server.ask<{ refs: FileSpan[] }>('references', notebook.at(1, '|a; a'));
    assert.deepEqual(references.refs.map(({ file }) => notebook.indexOf(file)).sort(), [0, 1, 1]);
    const renamed = await server.ask<ts.server.protocol.RenameResponseBody>('rename', notebook.at(1, '|a; a'));
    assert.ok(renamed.info.canRename);
    const places = renamed.locs.flatMap(({ file, locs }) =>
      locs.map(({ start, prefixText, suffixText }) => [notebook.indexOf(file), start.offset, prefixText, suffixText]),
    );
    assert.deepEqual(places.sort(), [
      [0, 7, undefined, undefined],
      [1, 1, undefined, undefined],
      [1, 4, undefined, undefined],
    ]);
  });

  it('finds and renames what the lesson’s files declare in the cells that use it', async () => {
    const file = path.join(folder, 'used.ts');
    fs.writeFileSync(file, 'export const used = 1;\n');
    const notebook = open("import { used } from './used';\nused;", 'used;');
    assert.deepEqual(await notebook.errors(1), []);
    server.open([{ file, fileContent: 'export const used = 1;\n', projectRootPath: folder }]);
    const at = { file, line: 1, offset: 14 };
    const references = await server.ask<{ refs: FileSpan[] }>('references', at);
    assert.deepEqual(references.refs.map((ref) => notebook.indexOf(ref.file) ?? 'used.ts').sort(), [
      0,
      0,
      1,
      'used.ts',
    ]);
    const renamed = await server.ask<ts.server.protocol.RenameResponseBody>('rename', at);
    assert.deepEqual(renamed.locs.map((loc) => [notebook.indexOf(loc.file) ?? 'used.ts', loc.locs.length]).sort(), [
      [0, 2],
      [1, 1],
      ['used.ts', 1],
    ]);
  });

  it('knows what an editor holds of a lesson’s file before it is saved, and a file that is made later', async () => {
    const file = path.join(folder, 'later.ts');
    const notebook = open("import { later } from './later';\nlater.at(0);");
    assert.match((await notebook.errors(0)).join(), /^2307/);
    fs.writeFileSync(file, 'export const later = [1];\n');
    assert.deepEqual(await notebook.errors(0), []);
    server.open([{ file, fileContent: 'export const later = 1;\n', projectRootPath: folder }]);
    assert.match((await notebook.errors(0)).join(), /^2339: .*'at'/);
  });

  it('adds an import to the cell that lacks it, behind its own imports, and never one from a cell', async () => {
    const notebook = open(
      'const above = 1;',
      "import fs from 'node:fs';\nfs; double(1);",
      'double(above);',
      'const below = 1;',
      'above; below;',
    );
    const fix = async (index: number, around: string): Promise<ts.server.protocol.CodeFixAction[]> => {
      const { file, line, offset } = notebook.at(index, around);
      const span = { startLine: line, startOffset: offset, endLine: line, endOffset: offset };
      return await server.ask('getCodeFixes', { file, ...span, errorCodes: [2304] });
    };
    const importOf = (fixes: ts.server.protocol.CodeFixAction[]): unknown =>
      fixes.filter(({ fixName }) => fixName === 'import').map(({ changes }) => changes);
    assert.deepEqual(importOf(await fix(1, '|double')), [
      [
        {
          fileName: notebook.name(1),
          textChanges: [
            {
              start: { line: 2, offset: 1 },
              end: { line: 2, offset: 1 },
              newText: "import { double } from './model';\n",
            },
          ],
        },
      ],
    ]);
    assert.deepEqual(importOf(await fix(2, '|double')), [
      [
        {
          fileName: notebook.name(2),
          textChanges: [
            {
              start: { line: 1, offset: 1 },
              end: { line: 1, offset: 1 },
              newText: "import { double } from './model';\n",
            },
          ],
        },
      ],
    ]);
    notebook.order([0, 1, 2, 4, 3]);
    assert.deepEqual(importOf(await fix(4, '|below')), []);
    assert.deepEqual(
      (await notebook.completions(4, '|above')).filter(({ name }) => name === 'below'),
      [],
    );
  });

  it('shows hints and tokens of the cell’s own text only, and folds and outlines that', async () => {
    const notebook = open(
      'function f(rate: number) { return rate; }',
      'const unused = f(1);\nfunction g() {\n  return unused;\n}',
    );
    const file = notebook.name(1);
    server.send('configure', { preferences: { includeInlayParameterNameHints: 'all' } });
    const hints = await server.ask<ts.server.protocol.InlayHintItem[]>('provideInlayHints', {
      file,
      start: 0,
      length: 70,
    });
    assert.deepEqual(
      hints.map(({ text }) => text),
      ['rate:'],
    );
    const tree = await server.ask<ts.server.protocol.NavigationTree>('navtree', { file });
    assert.deepEqual(tree.childItems!.map(({ text }) => text).sort(), ['g', 'unused']);
    const suggestions = await server.ask<unknown[]>('suggestionDiagnosticsSync', { file });
    assert.deepEqual(suggestions, []);
  });

  it('understands notebooks of other types when the host names them, and leaves the rest alone', async () => {
    const notebook = new ServedNotebook(server, path.join(folder, 'other.ipynb'), [
      "import fs from 'node:fs';\nconst a = fs;",
      'a.statSync(".");',
    ]);
    assert.deepEqual(await notebook.errors(1), ["2304: Cannot find name 'a'."]);
    notebook.order([0, 1]);
    assert.deepEqual(await notebook.errors(1), []);
  });

  it('infers through a thousand cells', async () => {
    const notebook = open(
      "import { tf } from 'deep-learning-lab';\nconst v0 = tf.scalar(1);",
      ...Array.from({ length: 999 }, (_, index) => `const v${String(index + 1)} = v${String(index)}.add(1);`),
    );
    assert.deepEqual(await notebook.errors(999), []);
    assert.equal(await notebook.hover(999, '|v999'), 'const v999: Tensor<Rank>');
  });

  it('lets any model file import the lab, also beside a tsconfig.json and a package.json of its own', async () => {
    const own = path.join(folder, 'own');
    fs.mkdirSync(own);
    fs.writeFileSync(path.join(own, 'package.json'), '{ "name": "own", "type": "module" }');
    fs.writeFileSync(
      path.join(own, 'tsconfig.json'),
      '{ "compilerOptions": { "module": "NodeNext", "strict": true, "skipLibCheck": true, "types": [] } }',
    );
    const text = "import { tf } from 'deep-learning-lab';\nexport const x: number = tf.scalar(1);\n";
    for (const place of [own, fs.mkdtempSync(path.join(folder, 'none-'))]) {
      const file = path.join(place, 'experiment.ts');
      fs.writeFileSync(file, text);
      server.open([{ file, fileContent: text, projectRootPath: place }]);
      const errors = await server.ask<ts.server.protocol.Diagnostic[]>('semanticDiagnosticsSync', { file });
      assert.deepEqual(
        errors.map(({ code, text: message }) => `${String(code)}: ${message}`),
        ["2322: Type 'Scalar' is not assignable to type 'number'."],
      );
    }
  });

  it('works in the TypeScript that VS Code brings', async () => {
    const own = new TypescriptServer(vscodeTypescript());
    try {
      const notebook = new ServedNotebook(own, path.join(folder, 'vscode.lab.md'), [
        "import { tf } from 'deep-learning-lab';\nconst model = tf.sequential();",
        "import { double } from './model';\nmodel.summary(); double('1'); model.",
      ]);
      assert.deepEqual(await notebook.errors(0), []);
      assert.deepEqual(await notebook.errors(1), [
        '1003: Identifier expected.',
        "2345: Argument of type 'string' is not assignable to parameter of type 'number'.",
      ]);
      assert.ok((await notebook.names(1, '; model.|')).includes('fit'));
      assert.equal(await notebook.hover(1, 'mod|el.sum'), 'const model: tf.Sequential');
    } finally {
      own.dispose();
    }
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { drawingOf } from '../../../src/client/notebook/drawing';
import { readNotebook } from '../../../src/notebook/document';
import { toHtml } from '../../../src/notebook/export/html';
import { toIpynb } from '../../../src/notebook/export/ipynb';
import { pictureBeside } from '../../../src/notebook/export/picture';
import type { ShownCell, ShownOutput } from '../../../src/notebook/export/shown';
import { DISPLAY_MIME } from '../../../src/protocol/display';
import { installJupyter, jupyter } from '../../support/jupyter';
import { panelRun } from '../../ui/panel/scenes';
import { repositoryRoot } from '../manifest/root';

const md = (text: string): ShownCell => ({ kind: 'markdown', language: 'markdown', text, outputs: [] });
const ts = (text: string, outputs: readonly ShownOutput[] = [], order?: number): ShownCell => ({
  kind: 'code',
  language: 'typescript',
  text,
  outputs,
  ...(order === undefined ? {} : { order }),
});
/** A picture of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const CELLS: readonly ShownCell[] = [
  md('# Spirals\n\nThe loss $L = -\\log p$ of\n\n$$\nz = \\frac{1}{2} x^2\n$$\n'),
  ts(
    'const a = 1;\r\na',
    [
      { kind: 'stream', stream: 'stdout', text: 'first\nsecond' },
      { kind: 'stream', stream: 'stderr', text: '\x1b[31mred\x1b[0m\n' },
      {
        kind: 'show',
        items: { 'text/plain': '1', [DISPLAY_MIME]: { kind: 'tree', root: { text: '1', type: 'number' } } },
      },
      { kind: 'show', items: { 'image/png': PNG, 'text/plain': 'a picture' } },
      { kind: 'show', items: { 'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg"/>', 'text/plain': 'drawn' } },
    ],
    3,
  ),
  {
    ...ts(
      'throw new Error("<b>no</b>")',
      [{ kind: 'error', name: 'Error', message: '<b>no</b>', stack: 'Error: <b>no</b>\n    at cell:1:7' }],
      4,
    ),
    language: 'javascript',
  },
  ts(''),
  ts(''),
];

function lessons(): { readonly name: string; readonly cells: readonly ShownCell[] }[] {
  const folder = path.join(repositoryRoot(), 'samples');
  const names = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.lab.md'));
  assert.ok(names.length >= 10);
  return names.map((name) => {
    const { cells } = readNotebook(fs.readFileSync(path.join(folder, name), 'utf8'));
    return { name, cells: cells.map((cell) => ({ ...cell, outputs: [] })) };
  });
}

describe('an exported Jupyter notebook', function () {
  this.timeout(300_000);
  let folder: string;

  before(function () {
    const reason = installJupyter();
    if (reason === undefined) return;
    console.log(`      skipped: ${reason}`);
    this.skip();
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-export-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const VALIDATE = `
import json, sys, nbformat
notebook = nbformat.read(sys.stdin, as_version=nbformat.NO_CONVERT)
nbformat.validate(notebook)
assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
print(json.dumps([[cell.cell_type, cell.source, [dict(output) for output in cell.get("outputs", [])]] for cell in notebook.cells]))
`;
  const validated = (cells: readonly ShownCell[]): [string, string, Record<string, unknown>[]][] =>
    JSON.parse(jupyter(['-W', 'error', '-c', VALIDATE], toIpynb(cells))) as ReturnType<typeof validated>;

  it('is valid nbformat 4.5 and read by Jupyter as it was shown', () => {
    const read = validated(CELLS);
    assert.deepEqual(
      read.map(([kind, source]) => [kind, source]),
      CELLS.map(({ kind, text }) => [kind, text.replace(/\r\n/g, '\n')]),
    );
    assert.deepEqual(read[1]![2], [
      { output_type: 'stream', name: 'stdout', text: 'first\nsecond' },
      { output_type: 'stream', name: 'stderr', text: '\x1b[31mred\x1b[0m\n' },
      {
        output_type: 'display_data',
        metadata: {},
        data: { 'text/plain': '1', [DISPLAY_MIME]: { kind: 'tree', root: { text: '1', type: 'number' } } },
      },
      { output_type: 'display_data', metadata: {}, data: { 'image/png': PNG, 'text/plain': 'a picture' } },
      {
        output_type: 'display_data',
        metadata: {},
        data: { 'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg"/>', 'text/plain': 'drawn' },
      },
    ]);
    assert.deepEqual(read[2]![2], [
      { output_type: 'error', ename: 'Error', evalue: '<b>no</b>', traceback: ['Error: <b>no</b>', '    at cell:1:7'] },
    ]);
  });

  it('is valid for every lesson in both languages', () => {
    const cells = lessons().flatMap((lesson) => lesson.cells);
    assert.equal(validated(cells).length, cells.length);
  });

  it('is opened by jupyter nbconvert, which shows its text, code and outputs', () => {
    const file = path.join(folder, 'notebook.ipynb');
    fs.writeFileSync(file, toIpynb(CELLS));
    jupyter(['-m', 'nbconvert', '--to', 'html', file]);
    const page = fs.readFileSync(path.join(folder, 'notebook.html'), 'utf8');
    for (const part of ['Spirals', 'first\nsecond', `data:image/png;base64,${PNG}`, '[3]:'])
      assert.ok(page.includes(part), part);
  });
});

describe('an exported page', () => {
  const page = (cells: readonly ShownCell[], picture?: (source: string) => string | undefined): string =>
    toHtml(cells, { title: 'notebook', language: 'en', ...(picture === undefined ? {} : { picture }) });
  const body = (html: string): string => html.slice(html.indexOf('<body>'));

  it('shows prose, formulas, code and outputs and needs nothing from anywhere', () => {
    const html = page(CELLS);
    assert.match(html, /<title>Spirals<\/title>/);
    assert.match(html, /<h1>Spirals<\/h1>/);
    assert.match(html, /<math xmlns="http:\/\/www\.w3\.org\/1998\/Math\/MathML" display="block">.*<mfrac>/s);
    for (const part of [
      'first\nsecond',
      '<pre class="stderr">red\n',
      `src="data:image/png;base64,${PNG}"`,
      '[3]',
      'const a = 1;',
    ])
      assert.ok(html.includes(part), part);
    assert.ok(!html.includes('a picture'), 'the richest form is shown, not each');
    assert.match(html, /Content-Security-Policy" content="default-src &#39;none&#39;/);
    assert.ok(!/<(?:script|link|iframe|base)\b/.test(html));
    assert.ok(!/(?:src|href)="(?!data:|#)/.test(body(html)));
    assert.match(html, /prefers-color-scheme: dark/);
  });

  it('runs nothing of what its cells say', () => {
    const hostile =
      '<script>alert(1)</script><img src=x onerror=alert(1)><meta http-equiv="refresh" content="0"><b>bold</b>';
    const html = body(
      page([
        md(
          `${hostile}\n\n[link](javascript:alert(1)) ![p](https://tracker.test/x.png) <!-- hidden -->\n\n<div onclick="a">\n${hostile}\n</div>`,
        ),
        ts(hostile, [
          { kind: 'show', items: { 'text/html': hostile, 'text/plain': hostile } },
          { kind: 'show', items: { 'image/png': '"><script>', 'text/plain': 'no picture' } },
          { kind: 'stream', stream: 'stdout', text: hostile },
          { kind: 'error', name: hostile, message: hostile, stack: '' },
        ]),
      ]),
    );
    assert.ok(!/<(?:script|img|meta|div on)/.test(html), html);
    assert.ok(!html.includes('javascript:alert(1)"') && !html.includes('src="https:'));
    assert.ok(html.includes('<b>bold</b>') && !html.includes('hidden') && html.includes('no picture'));
  });

  it('holds pictures that lie beside the notebook, and reads no others', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-page-'));
    try {
      fs.mkdirSync(path.join(folder, 'images'));
      fs.writeFileSync(path.join(folder, 'images', 'a b.png'), Buffer.from(PNG, 'base64'));
      const html = page(
        [md('![one](images/a%20b.png) ![two](../x.png) ![three](/etc/passwd.png)')],
        pictureBeside(folder),
      );
      assert.ok(html.includes(`<img alt="one" src="data:image/png;base64,${PNG}">`));
      assert.ok(html.includes('<em>two</em> <em>three</em>'));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('renders every formula of the lessons', () => {
    for (const { name, cells } of lessons()) {
      const html = body(page(cells));
      assert.ok(html.includes('<math'), name);
      assert.ok(!html.includes('katex-error') && !html.includes('$$'), name);
    }
  });
});

describe('the runs of an exported page', () => {
  const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-runs-'));
  after(() => {
    fs.rmSync(runs, { recursive: true });
  });
  const place = { paths: { root: repositoryRoot() }, locale: 'en', runsDirectory: runs };
  const showing = (folder: string): ShownCell =>
    ts('run', [{ kind: 'show', items: { [DISPLAY_MIME]: { kind: 'run', folder, title: 'A', epochs: 1 } } }]);

  it('are not read from elsewhere, and a folder that is none is left out', async () => {
    const elsewhere = path.join(runs, 'deeper', 'run');
    const cells = [showing(elsewhere), showing(path.join(runs, 'gone')), ts('1', [{ kind: 'show', items: {} }])];
    assert.deepEqual([...(await drawingOf(cells, place)).runs], []);
  });

  const { record } = panelRun(undefined, { state: 'finished', points: [], epochs: 1, end: {} });

  it('come with a bounded number of points, from the first to the last', async () => {
    const folder = path.join(runs, 'long');
    fs.mkdirSync(folder);
    const point = (step: number): string =>
      JSON.stringify({
        kind: 'step',
        step,
        epoch: step / 10_000,
        time: step,
        learningRate: 0.1,
        values: { loss: 1 / step },
      });
    const text = Array.from({ length: 25_000 }, (_, index) => point(index + 1)).join('\n') + '\n';
    fs.writeFileSync(path.join(folder, 'metrics.jsonl'), text);
    fs.writeFileSync(path.join(folder, 'run.json'), JSON.stringify(record));
    const [show, points] = (await drawingOf([showing(folder)], place)).runs.get(folder) ?? [];
    assert.ok(show?.type === 'show' && show.run !== null);
    assert.equal(show.run.record.modelFile, 'model.ts');
    assert.ok(points?.type === 'points');
    const [steps] = points.columns;
    const numbers = (text = ''): Float64Array => new Float64Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
    assert.ok(steps !== undefined && steps.length > 500 && steps.length <= 2_001, String(steps?.length));
    const step = numbers(steps.step);
    assert.deepEqual([step.length, step[0], step.at(-1)], [steps.length, 1, 25_000]);
    assert.equal(numbers(steps.values['loss']).at(-1), 1 / 25_000);
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from './root';

const root = repositoryRoot();
type Bundle = Record<string, string | { message: string }>;

const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const bundle = (file: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(JSON.parse(read(file)) as Bundle).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : value.message,
    ]),
  );

/** Texts that are the same in every language: names, units, and figures put together. */
const SAME_EVERYWHERE =
  /^(\{\d+\}|[\d\W_]|TensorFlow|TensorBoard|CSV|PNG|epoch|loss|accuracy|step|batch|kHz|min|ms|[shd]|MB|GB|dropout)*$/i;
const CHINESE = /[\u4e00-\u9fff]/;

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort();

/** What `npm run l10n` finds, in a twentieth of its time: the first argument of each `l10n.t(…)`. */
function extracted(): string[] {
  const found = new Set<string>();
  for (const folder of ['src', 'webview'])
    for (const file of fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const name = path.join(folder, file);
      const text = read(name);
      // Parsing is slow, and most files have no texts.
      if (text.includes('l10n.t(')) textsOf(ts.createSourceFile(name, text, ts.ScriptTarget.Latest), found);
    }
  return [...found];
}

function textsOf(source: ts.SourceFile, found: Set<string>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText(source))) {
      const [first] = node.arguments;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      assert.ok(first && ts.isStringLiteralLike(first), `${source.fileName}:${String(line + 1)}: a text is a literal`);
      found.add(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

describe('the texts of the code', () => {
  const english = bundle('l10n/bundle.l10n.json');
  const chinese = bundle('l10n/bundle.l10n.zh-cn.json');

  it('are all in the bundle, and nothing else is (npm run l10n)', () => {
    const inCode = extracted();
    const known = new Set(Object.keys(english));
    assert.deepEqual(
      inCode.filter((key) => !known.has(key)),
      [],
      'in the code, not in l10n/bundle.l10n.json',
    );
    const used = new Set(inCode);
    assert.deepEqual(
      [...known].filter((key) => !used.has(key)),
      [],
      'in l10n/bundle.l10n.json, not in the code',
    );
  });

  it('are all translated into Chinese, and nothing else is', () => {
    const missing = Object.keys(english).filter((key) => !(key in chinese));
    const stale = Object.keys(chinese).filter((key) => !(key in english));
    assert.deepEqual({ missing, stale }, { missing: [], stale: [] });
  });

  it('are Chinese in the translation', () => {
    const left = Object.entries(chinese).filter(([, text]) => !CHINESE.test(text) && !SAME_EVERYWHERE.test(text));
    assert.deepEqual(left, []);
  });

  it('keep their placeholders in the translation', () => {
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(placeholders(chinese[key] ?? ''), placeholders(text), key);
    }
  });
});

describe('the texts of the manifest', () => {
  const english = bundle('package.nls.json');
  const chinese = bundle('package.nls.zh-cn.json');
  const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);

  it('are defined and used', () => {
    assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
  });

  it('are translated into Chinese, with the same links and code', () => {
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
    const marks = (text: string): Set<string> =>
      new Set([...text.matchAll(/\(command:[^)]+\)|`[^`]+`/g)].map(([m]) => m));
    for (const [key, text] of Object.entries(english)) {
      const translated = chinese[key] ?? '';
      assert.match(translated, CHINESE, key);
      assert.deepEqual(marks(translated), marks(text), key);
    }
  });
});

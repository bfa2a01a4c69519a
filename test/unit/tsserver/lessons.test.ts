import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readNotebook } from '../../../src/notebook/document';
import { ServedNotebook, TypescriptServer } from '../../support/tsserver';
import { root } from '../../support/world';

const SAMPLES = path.join(root, 'samples');

describe('types in the notebooks of the lessons', function () {
  this.timeout(120_000);
  let server: TypescriptServer;
  before(() => {
    server = new TypescriptServer();
  });
  after(() => {
    server.dispose();
  });

  const files = fs
    .readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.lab.md'));
  for (const file of files.sort()) {
    it(`no cell of ${file} has an error`, async () => {
      const whole = path.join(SAMPLES, file);
      const code = readNotebook(fs.readFileSync(whole, 'utf8')).cells.filter(({ kind }) => kind === 'code');
      const cells = code.map(({ language, text }) => (language === 'javascript' ? { javascript: text } : text));
      const notebook = new ServedNotebook(server, whole, cells);
      for (const [index, cell] of cells.entries()) {
        assert.deepEqual(await notebook.errors(index), [], typeof cell === 'string' ? cell : cell.javascript);
      }
    });
  }
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { tf } from '../../../src/lab';
import { loadModelFile } from '../../../src/trainer/modelFile/load';
import { useEngine } from '../lab/tensorflow';
import { at, failureOf, LearnersFolder, modelFile, placeOf } from './folder';

const VALID = modelFile('tf.sequential({ layers: [tf.layers.dense({ units: classes, inputShape })] })');

describe('trainer/modelFile: loading', function () {
  this.timeout(20_000);
  let folder: LearnersFolder;
  before(useEngine);
  beforeEach(() => {
    folder = new LearnersFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  it('gives the experiment, its source and its hash, and builds nothing by itself', async () => {
    const before = tf.memory().numTensors;
    const loaded = await folder.load(VALID);
    assert.equal(loaded.experiment.title, 'Test');
    assert.equal(loaded.source, VALID);
    assert.equal(loaded.sourceHash, createHash('sha256').update(VALID).digest('hex'));
    assert.deepEqual(loaded.files, [path.join(folder.path, 'model.ts')]);
    assert.equal(tf.memory().numTensors, before);
  });

  it('runs the text of the editor where it is newer than the file', async () => {
    const file = folder.write('model.ts', 'this is not even TypeScript');
    const loaded = await loadModelFile({ file, source: VALID.replace("'Test'", "'Unsaved'") });
    assert.equal(loaded.experiment.title, 'Unsaved');
    const unsaved = await loadModelFile({ file: path.join(folder.path, 'new.ts'), source: VALID });
    assert.equal(unsaved.experiment.title, 'Test');
  });

  it('waits for what a file awaits at its top, in the model file and in what it imports', async () => {
    const rows = folder.write('rows.json', '[3, 4]');
    folder.write(
      'rows.ts',
      `import fs from 'node:fs/promises';
       export const rows = JSON.parse(await fs.readFile(${JSON.stringify(rows)}, 'utf8')) as number[];`,
    );
    const text = VALID.replace("title: 'Test'", 'title: `${await later(rows.length)} rows`').replace(
      'export default',
      "import { rows } from './rows';\nconst later = async (n: number) => n;\nexport const twice = 2 * (await later(3));\nexport default",
    );
    const loaded = await folder.load(text);
    assert.equal(loaded.experiment.title, '2 rows');
    assert.equal(loaded.exported['twice'], 6);
    assert.deepEqual(
      [...loaded.files].sort(),
      ['model.ts', 'rows.ts'].map((name) => path.join(folder.path, name)),
    );
  });

  it('names the line of what is thrown after an await at the top', async () => {
    const text = VALID.replace('export default', "await Promise.resolve();\nthrow new Error('late');\nexport default");
    const error = await folder.failure(text);
    assert.equal(error.code, 'MODEL_THREW');
    assert.match(error.message, /late/);
    assert.equal(at(error.location), placeOf(text, "new Error('late')"));
  });

  it('runs again at every load, with relative imports, JSON and Node modules', async () => {
    folder.write('net/units.ts', 'import sizes from "./sizes.json"; export const units: number = sizes.hidden;');
    folder.write('net/sizes.json', '{ "hidden": 7 }');
    const text = `import path from 'node:path';
import { units } from './net/units';
${VALID.replace("'Test'", '`${path.basename(__filename)} ${units} ${import.meta.url.slice(0, 8)}`')}`;
    const loaded = await folder.load(text);
    assert.equal(loaded.experiment.title, 'model.ts 7 file:///');
    assert.deepEqual(loaded.files.map((file) => path.relative(folder.path, file)).sort(), [
      'model.ts',
      path.join('net', 'sizes.json'),
      path.join('net', 'units.ts'),
    ]);
    folder.write('net/sizes.json', '{ "hidden": 8 }');
    assert.equal((await folder.load(text)).experiment.title, 'model.ts 8 file:///');
  });

  it('serves TensorFlow.js under its own names, and packages of the folder', async () => {
    folder.write('node_modules/units/package.json', '{ "name": "units", "version": "1.0.0", "main": "index.js" }');
    folder.write('node_modules/units/index.js', 'exports.units = 5;');
    const loaded = await folder.load(`import * as tfjs from '@tensorflow/tfjs';
import * as node from '@tensorflow/tfjs-node';
import { units } from 'units';
${VALID.replace("'Test'", '`${tfjs.layers === tf.layers} ${node.layers === tf.layers} ${units}`')}`);
    assert.equal(loaded.experiment.title, 'true true 5');
    assert.equal((await folder.load(VALID)).experiment.title, 'Test');
  });

  it("is not misled by the working copy's tsconfig.json, whose paths lead to declarations", async () => {
    folder.write('tsconfig.json', '{ "compilerOptions": { "paths": { "deep-learning-lab": ["./nothing.d.ts"] } } }');
    folder.write('nothing.d.ts', 'export declare const tf: never;');
    assert.equal((await folder.load(VALID)).experiment.title, 'Test');
  });

  it('places a syntax error, also behind letters that are long in UTF-8', async () => {
    const text = `const größe = '漢字'; const = 1;\n${VALID}`;
    const data = await folder.failure(text);
    assert.equal(data.code, 'MODEL_SYNTAX');
    assert.equal(data.location?.file, path.join(folder.path, 'model.ts'));
    assert.equal(at(data.location), placeOf(text, '= 1;'));
    assert.match(data.details ?? '', /model\.ts:1:/);
  });

  it('places a syntax error in an imported file there', async () => {
    folder.write('helper.ts', 'export const a = 1;\nexport const b = (;\n');
    const data = await folder.failure(`import { a } from './helper';\nconsole.log(a);\n${VALID}`);
    assert.equal(data.code, 'MODEL_SYNTAX');
    assert.equal(data.location?.file, path.join(folder.path, 'helper.ts'));
    assert.equal(at(data.location), '2:19');
  });

  it('names a relative import and a package that cannot be found', async () => {
    const relative = `import { a } from './helpr';\nconsole.log(a);\n${VALID}`;
    const missing = await folder.failure(relative);
    assert.equal(missing.code, 'MODEL_IMPORT');
    assert.equal(missing.found, './helpr');
    assert.equal(at(missing.location), placeOf(relative, "'./helpr'"));

    const packaged = `\nimport numpy from 'numpy';\nconsole.log(numpy);\n${VALID}`;
    const unknown = await folder.failure(packaged);
    assert.equal(unknown.code, 'MODEL_IMPORT');
    assert.equal(unknown.found, 'numpy');
    assert.equal(unknown.location?.line, 2);
  });

  it('maps what a model file throws to its TypeScript, with the calls that led there', async () => {
    const text = `interface Options { readonly units: number }
function inner(options: Options): number {
  if (options.units > 3) throw new RangeError('too many');
  return options.units;
}
function outer(): number {
  return inner({ units: 4 });
}
export default outer();
`;
    const data = await folder.failure(text);
    assert.equal(data.code, 'MODEL_THREW');
    assert.match(data.message, /RangeError: too many/);
    assert.equal(at(data.location), placeOf(text, 'new RangeError'));
    assert.deepEqual(data.trace?.map(at), [
      placeOf(text, 'new RangeError'),
      placeOf(text, 'inner({'),
      placeOf(text, 'outer();'),
    ]);
    assert.match(data.details ?? '', /model\.ts:3:/, 'the readable stack names the learner’s file');
  });

  it('follows an error into an imported file, and to the cause that has a place', async () => {
    folder.write('deep/helper.ts', '\nexport function fail(): never {\n  throw new Error("from below");\n}\n');
    const data = await folder.failure(`import { fail } from './deep/helper';\nexport default fail();\n`);
    assert.equal(data.location?.file, path.join(folder.path, 'deep', 'helper.ts'));
    assert.equal(at(data.location), '3:9');
    assert.equal(data.trace?.[1]?.file, path.join(folder.path, 'model.ts'));

    const loaded = await folder.load(VALID);
    assert.deepEqual(loaded.locate(new Error('elsewhere')), []);
    assert.deepEqual(loaded.locate('no error at all'), []);
  });

  it('reports what is thrown without being an Error', async () => {
    const data = await folder.failure(`throw 'just a text';`);
    assert.equal(data.code, 'MODEL_THREW');
    assert.match(data.message, /just a text/);
  });

  it('says what the default export is when it is no experiment', async () => {
    const none = await folder.failure('export const a = 1;\n');
    assert.equal(none.code, 'MODEL_NO_EXPERIMENT');
    assert.equal(none.found, 'a');

    const model = `import { tf } from 'deep-learning-lab';\n\n  export default tf.sequential();\n`;
    const wrong = await folder.failure(model);
    assert.equal(wrong.code, 'MODEL_NO_EXPERIMENT');
    assert.equal(wrong.found, 'a model');
    assert.equal(at(wrong.location), placeOf(model, 'export default').replace(':3', ':1'));

    const unwrapped = await folder.failure('export default { epochs: 1 };');
    assert.match(unwrapped.remedy ?? '', /experiment\(/);

    const named = await folder.failure(VALID.replace('export default', 'export const mine ='));
    assert.match(named.remedy ?? '', /export default mine/);
  });

  it('places a field that experiment() refuses at its call', async () => {
    const text = VALID.replace('epochs: 1', "epochs: 'ten'");
    const data = await folder.failure(text);
    assert.equal(data.code, 'EXPERIMENT_INVALID');
    assert.equal(data.found, "'ten'");
    assert.equal(at(data.location), placeOf(text, 'experiment({'));
  });

  it('places an option that a data set refuses at its call', async () => {
    const text = VALID.replace('train: 30', 'train: -30');
    const data = await folder.failure(text);
    assert.equal(data.code, 'EXPERIMENT_INVALID');
    assert.equal(at(data.location), placeOf(text, 'spirals('));
  });

  it('says when the file, or its folder, is not there', async () => {
    const missing = await failureOf(loadModelFile({ file: path.join(folder.path, 'gone.ts') }));
    assert.equal(missing.code, 'MODEL_FILE_MISSING');
    const nowhere = await failureOf(loadModelFile({ file: path.join(folder.path, 'no', 'model.ts'), source: VALID }));
    assert.equal(nowhere.code, 'MODEL_FILE_MISSING');
    fs.mkdirSync(path.join(folder.path, 'folder.ts'));
    const directory = await failureOf(loadModelFile({ file: path.join(folder.path, 'folder.ts') }));
    assert.equal(directory.code, 'MODEL_FILE_MISSING');
  });

  it('loads many at the same time, and the bundler is gone afterwards', async () => {
    const files = Array.from({ length: 8 }, (_, i) =>
      folder.write(`many${i}.ts`, i % 2 === 0 ? VALID : 'const = broken'),
    );
    const results = await Promise.allSettled(files.map(async (file) => loadModelFile({ file })));
    assert.deepEqual(
      results.map(({ status }) => status),
      files.map((_, i) => (i % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
    const left = process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap');
    assert.deepEqual(left, []);
  });
});

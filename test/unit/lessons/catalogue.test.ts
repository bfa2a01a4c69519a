import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findLesson, readCatalogue } from '../../../src/client/lessons/catalogue';
import type { LabPaths } from '../../../src/client/paths';
import { LabError } from '../../../src/protocol/errors';

const GOOD = `---
title: Spirals
summary: A small network.
minutes: 10
order: 2
model: model.ts
---
# Prose
`;

describe('the catalogue of lessons', () => {
  let paths: LabPaths;

  const write = (file: string, text: string): string => {
    const full = path.join(paths.root, 'samples', file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
    return full;
  };
  const lesson = (id: string, text: string): string => {
    write(`${id}/model.ts`, 'export default 1;');
    return write(`${id}/lesson.lab.md`, text);
  };

  beforeEach(() => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-catalogue-'));
    paths = { root, cache: root };
  });
  afterEach(() => {
    fs.rmSync(paths.root, { recursive: true, force: true });
  });

  it('is the folders with a lesson.lab.md, in the order of the course', async () => {
    lesson('b', GOOD);
    lesson('a', GOOD.replace('order: 2', 'order: 3'));
    lesson('c', GOOD.replace('order: 2', 'order: 1').replaceAll('\n', '\r\n'));
    write('README.md', 'not a lesson');
    write('.cache/x', '');
    const { lessons, problems } = await readCatalogue(paths);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      lessons.map(({ id }) => id),
      ['c', 'b', 'a'],
    );
    const folder = path.join(paths.root, 'samples', 'b');
    assert.deepEqual(lessons[1], {
      id: 'b',
      title: 'Spirals',
      summary: 'A small network.',
      minutes: 10,
      order: 2,
      model: 'model.ts',
      needsLanguageModel: false,
      hasChat: false,
      folder,
      notebook: path.join(folder, 'lesson.lab.md'),
    });
  });

  it('says whether one can talk to the model of a lesson: where its experiment has a chat', async () => {
    const model =
      "import { experiment, models } from 'deep-learning-lab';\nexport default experiment({ EXTRA epochs: 1 });\n";
    for (const [id, extra] of [
      ['a', ''],
      ['b', 'chat: { model: () => models.gguf() },'],
    ] as const) {
      lesson(id, GOOD.replace('order: 2', 'needs: languageModel\norder: 2'));
      write(`${id}/model.ts`, model.replace('EXTRA', extra));
    }
    const { lessons, problems } = await readCatalogue(paths);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      lessons.map(({ hasChat }) => hasChat),
      [false, true],
    );
  });

  it('takes notebook and title in the language of the user where there are any', async () => {
    lesson('a', GOOD);
    const chinese = write('a/lesson.zh-cn.lab.md', '---\ntitle: 螺旋\n---\n');
    const german = write('a/lesson.de.lab.md', '# Nur Text\n');
    const read = async (locale: string) => (await readCatalogue(paths, locale)).lessons[0];
    assert.equal((await read('zh-CN'))?.title, '螺旋');
    assert.equal((await read('zh-cn'))?.notebook, chinese);
    assert.equal((await read('zh-cn'))?.summary, 'A small network.');
    assert.equal((await read('de-AT'))?.notebook, german);
    assert.equal((await read('de-AT'))?.title, 'Spirals');
    assert.equal((await read('fr'))?.title, 'Spirals');
  });

  const broken: readonly [name: string, text: string, line: number, message: RegExp][] = [
    ['no front matter', '# Prose\n', 1, /does not begin with front matter/],
    ['front matter that never ends', '---\ntitle: x\n', 1, /does not begin with front matter/],
    ['YAML that does not parse', GOOD.replace('minutes: 10', 'minutes: [10'), 5, /is not YAML/],
    ['a key given twice', GOOD.replace('minutes: 10', 'title: Again'), 4, /is not YAML/],
    ['a list instead of keys', '---\n- a\n---\n', 2, /no "key: value"/],
    ['a missing value', GOOD.replace('summary: A small network.\n', ''), 1, /"summary"/],
    ['minutes that are no number', GOOD.replace('minutes: 10', 'minutes: soon'), 4, /"minutes"/],
    ['no time at all', GOOD.replace('minutes: 10', 'minutes: 0'), 4, /"minutes"/],
    ['an empty title', GOOD.replace('title: Spirals', 'title: ""'), 2, /"title"/],
    ['a model file that is not there', GOOD.replace('model: model.ts', 'model: other.ts'), 6, /"model"/],
    ['a need that nobody knows', GOOD.replace('model: model.ts', 'model: model.ts\nneeds: luck'), 7, /"needs"/],
    ['a model file elsewhere', GOOD.replace('model: model.ts', 'model: ../good/model.ts'), 6, /"model"/],
  ];
  for (const [name, text, line, message] of broken) {
    it(`reports ${name} with its line, and shows the other lessons`, async () => {
      const file = lesson('bad', text);
      lesson('good', GOOD);
      const { lessons, problems } = await readCatalogue(paths);
      assert.deepEqual(
        lessons.map(({ id }) => id),
        ['good'],
      );
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.code, 'LESSON_INVALID');
      assert.match(problems[0].message, message);
      assert.equal(problems[0].location?.file, file);
      assert.equal(problems[0].location.line, line);
      assert.ok(problems[0].remedy);
    });
  }

  it('reports a folder without lesson.lab.md', async () => {
    write('empty/model.ts', '');
    const { lessons, problems } = await readCatalogue(paths);
    assert.deepEqual(lessons, []);
    assert.equal(problems[0]?.code, 'LESSON_INVALID');
  });

  it('names the lessons there are when one is asked for that is not', async () => {
    lesson('a', GOOD);
    await assert.rejects(findLesson(paths, 'x'), (error: unknown) => {
      assert.ok(error instanceof LabError);
      assert.equal(error.code, 'LESSON_UNKNOWN');
      assert.match(error.data.remedy ?? '', /a/);
      return true;
    });
    assert.equal((await findLesson(paths, 'a')).title, 'Spirals');
  });

  it('says why the very lesson asked for cannot be used', async () => {
    lesson('a', '# no front matter');
    await assert.rejects(findLesson(paths, 'a'), { code: 'LESSON_INVALID' });
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { LabError, type LabErrorCode } from '../../../src/protocol/errors';
import { BINDING_REVISION } from '../../../src/setup/engine/binding';
import { preparedEngine, prepareEngine, proveEngine } from '../../../src/setup/engine';
import { probeEngine } from '../../../src/setup/engine/probe';
import { engineTarget } from '../../../src/setup/engine/target';
import { Folder, ownPaths, root, tree } from './folder';

const failsWith =
  (code: LabErrorCode, message: RegExp, remedy: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof LabError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.match(error.data.remedy ?? '', remedy);
    return true;
  };

describe('preparing the engine', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });

  it('is asked for by the name that the command has in the palette, in each language', () => {
    const read = (file: string): Record<string, string> =>
      JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;
    const key = 'Deep Learning Lab: Prepare TensorFlow Engine';
    for (const language of ['', '.zh-cn']) {
      const manifest = read(`package.nls${language}.json`);
      const shown = `${manifest['category']}: ${manifest['command.prepareEngine.title']}`;
      assert.equal(read(`l10n/bundle.l10n${language}.json`)[key], shown);
    }
  });

  it('knows the wheel of each platform, and sends others to the upstream route', () => {
    assert.equal(engineTarget(ownPaths, 'linux', 'x64').distribution, 'tensorflow-cpu');
    assert.equal(engineTarget(ownPaths, 'linux', 'arm64').wheelPlatform, 'manylinux_2_27_aarch64');
    assert.deepEqual(engineTarget(ownPaths, 'darwin', 'arm64').libraries, [
      'libtensorflow_cc.2.dylib',
      'libtensorflow_framework.2.dylib',
    ]);
    assert.throws(
      () => engineTarget(ownPaths, 'win32', 'x64'),
      failsWith('SETUP_STEP_FAILED', /win32-x64/, /--upstream/),
    );
  });

  it('names the compiler when there is none, before anything is downloaded', async () => {
    const context = folder.context(folder.bin());
    await assert.rejects(prepareEngine(context), failsWith('SETUP_PROGRAM_MISSING', /C\+\+ compiler/, /g\+\+/));
    assert.deepEqual(tree(context.paths.cache), ['locks']);
  });

  it('names Python when there is none', async () => {
    const context = folder.context(folder.bin('g++'));
    await assert.rejects(prepareEngine(context), failsWith('SETUP_PROGRAM_MISSING', /Python with pip/, /python3-pip/));
  });

  it('passes over a Python without pip', async () => {
    const bin = folder.bin('g++');
    folder.write('bin/python3', '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n', 0o755);
    await assert.rejects(
      prepareEngine(folder.context(bin)),
      failsWith('SETUP_PROGRAM_MISSING', /Python with pip/, /python3-pip/),
    );
  });

  it('reports what pip said when it cannot download, and leaves nothing half-done', async () => {
    const bin = folder.bin('g++', 'sh');
    folder.write(
      'bin/pip',
      '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "ERROR: Could not find a version" >&2\necho "resumes $PIP_RESUME_RETRIES"\nexit 1\n',
      0o755,
    );
    const context = folder.context(bin);
    await assert.rejects(prepareEngine(context), (error) => {
      failsWith('SETUP_STEP_FAILED', /TensorFlow 2\.\d+/, /network/)(error);
      const { details = '' } = (error as LabError).data;
      assert.match(details, /Could not find a version/);
      assert.match(details, /resumes [1-9]/, 'a connection that breaks is not the end');
      return true;
    });
    assert.deepEqual(tree(context.paths.cache), ['downloads', 'locks']);
  });

  it('finds nothing prepared in an empty cache, nor in one whose engine is incomplete or for another machine', () => {
    const paths = { root, cache: folder.at('cache') };
    assert.equal(preparedEngine(paths), undefined);
    const manifest = { package: '@tensorflow/tfjs-node 4.22.0', tensorflow: '2.21.0', revision: BINDING_REVISION };
    const here = { ...manifest, platform: process.platform, arch: process.arch };
    folder.write('cache/engine/current/engine.json', JSON.stringify(here));
    assert.equal(preparedEngine(paths), undefined, 'without its binding');
    folder.write('cache/engine/current/tfjs_binding.node', '');
    assert.equal(preparedEngine(paths)?.tensorflow, '2.21.0');
    folder.write('cache/engine/current/engine.json', JSON.stringify({ ...here, arch: 'riscv64' }));
    assert.equal(preparedEngine(paths), undefined, 'another processor');
    folder.write('cache/engine/current/engine.json', JSON.stringify({ ...here, revision: BINDING_REVISION - 1 }));
    assert.equal(preparedEngine(paths), undefined, 'a binding of before it was mended');
    folder.write('cache/engine/current/engine.json', '{"package":');
    assert.equal(preparedEngine(paths), undefined, 'a torn file');
  });
});

describe('proving the engine', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });

  it('computes a product in a fresh process with the engine in use', async () => {
    await proveEngine({ paths: ownPaths, env: process.env });
  });

  it('says that a binding which is no library cannot be loaded', async () => {
    folder.write('engine/tfjs_binding.node', 'no library');
    folder.write('engine/engine.json', fs.readFileSync(path.join(own(), 'engine.json')));
    await assert.rejects(probe(), failsWith('ENGINE_LOAD_FAILED', /engine/, /npm run engine/));
  });

  it('survives a cut-off binding, which kills the process that loads it', async () => {
    const binding = fs.readFileSync(path.join(own(), 'tfjs_binding.node'));
    folder.write('engine/tfjs_binding.node', binding.subarray(0, 20_000));
    folder.write('engine/engine.json', fs.readFileSync(path.join(own(), 'engine.json')));
    await assert.rejects(probe(), (error) => error instanceof LabError && error.data.remedy !== undefined);
  });

  it('says that a library is missing when the binding lies alone', async () => {
    for (const name of ['tfjs_binding.node', 'engine.json']) {
      folder.write(`engine/${name}`, fs.readFileSync(path.join(own(), name)));
    }
    await assert.rejects(probe(), failsWith('ENGINE_LOAD_FAILED', /library/, /npm run engine/));
  });

  it('of an installed extension tells its command, and where a clone is needed: there are no npm scripts', async () => {
    const paths = { root: folder.at('extension'), cache: folder.at('cache') };
    fs.mkdirSync(folder.at('extension', 'dist'), { recursive: true });
    fs.copyFileSync(path.join(root, 'dist', 'trainer.js'), folder.at('extension', 'dist', 'trainer.js'));
    const context = { paths, env: process.env };
    await assert.rejects(proveEngine(context), failsWith('ENGINE_MISSING', /engine/, /"Deep Learning Lab: Prepare/));
    assert.throws(() => engineTarget(paths, 'win32', 'x64'), failsWith('SETUP_STEP_FAILED', /win32/, /In a clone/));
    await assert.rejects(
      prepareEngine(context, { upstream: true }),
      failsWith('SETUP_STEP_FAILED', /no part of the extension/, /In a clone/),
    );
  });

  it('has all that it is compiled from beside the program, where a package holds it', () => {
    const packed = fs.readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
    for (const line of ['!dist/*.js', '!dist/binding/**']) assert.ok(packed.includes(line), line);
    const files = tree(path.join(root, 'dist', 'binding'));
    for (const name of [
      'tfjs_backend.cc',
      'tfjs_binding.cc',
      'references.cc',
      'references.h',
      'older.cc',
      'include/node_api.h',
    ])
      assert.ok(files.includes(name), name);
  });

  const own = (): string => fs.realpathSync(path.join(ownPaths.cache, 'engine', 'current'));

  const probe = (): Promise<void> => probeEngine(folder.at('engine'), { paths: ownPaths, env: process.env });
});

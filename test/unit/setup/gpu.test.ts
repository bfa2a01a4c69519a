/** TensorFlow for an NVIDIA GPU: what is asked before anything is downloaded, what is unpacked, and the real probe. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gpuDirectory } from '../../../src/client/paths';
import { LabError, type LabErrorCode } from '../../../src/protocol/errors';
import { preparedEngine, preparedGpuEngine, prepareGpuEngine, removeGpuEngine } from '../../../src/setup/engine';
import { cudaWheels, unpackCuda } from '../../../src/setup/engine/cuda';
import { probeEngine } from '../../../src/setup/engine/probe';
import { Folder, ownPaths, tree } from './folder';

const failsWith =
  (code: LabErrorCode, ...texts: readonly RegExp[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof LabError);
    assert.equal(error.code, code);
    const { message, found = '', remedy = '' } = error.data;
    for (const text of texts) assert.match(`${message}\n${found}\n${remedy}`, text);
    return true;
  };

describe('preparing TensorFlow for a GPU', function () {
  let folder: Folder;
  before(function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
  });
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });
  const nvidiaSmi = (line: string): string =>
    folder.write('bin/nvidia-smi', `#!${folder.at('bin', 'sh')}\necho "${line}"\n`, 0o755);

  it('is refused without a driver, or with one that is too old, before anything is downloaded', async () => {
    const context = folder.context(folder.bin('g++', 'sh'));
    await assert.rejects(prepareGpuEngine(context), failsWith('SETUP_NO_GPU', /nvidia-smi/, /Install NVIDIA’s driver/));
    nvidiaSmi('NVIDIA T4, 470.82.01');
    await assert.rejects(prepareGpuEngine(context), failsWith('SETUP_NO_GPU', /470\.82\.01; 525\.60\.13 is needed/));
    assert.deepEqual(tree(context.paths.cache), []);
  });

  it('asks pip for TensorFlow with its GPU parts, and reports what pip said; nothing is left half-done', async () => {
    const context = folder.context(folder.bin('g++', 'sh'));
    nvidiaSmi('NVIDIA T4, 550.54.15');
    const asked = folder.at('asked');
    folder.write(
      'bin/pip',
      `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "$@" > "${asked}"\necho "ERROR: no route" >&2\nexit 1\n`,
      0o755,
    );
    await assert.rejects(prepareGpuEngine(context), failsWith('SETUP_STEP_FAILED', /TensorFlow 2\.\d+/, /network/));
    assert.match(fs.readFileSync(asked, 'utf8'), / tensorflow==2\.\d+\.\d+\n/);
    assert.deepEqual(tree(context.paths.cache), ['downloads', 'locks']);
  });

  it('names each package of NVIDIA with its version, once, for a platform tag that its wheel has', () => {
    const wheels = cudaWheels(folder.context(''));
    for (const { distribution, version, target = [] } of wheels) {
      assert.match(distribution, /^nvidia-[a-z-]+-cu12$/);
      assert.match(version, /^\d+(\.\d+)+$/);
      assert.ok(target.includes('manylinux2014_x86_64') && target.includes('manylinux_2_27_x86_64'));
    }
    assert.equal(new Set(wheels.map((wheel) => wheel.folder)).size, 12);
  });

  /** Zipped by Python's own zipfile, as wheels are. */
  function wheel(names: readonly string[]): string {
    const file = folder.write('wheel/cuda.whl', '');
    const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
  for name in sys.argv[2:]: z.writestr(name, 'text of ' + name)`;
    assert.equal(spawnSync('python3', ['-c', script, file, ...names]).status, 0);
    return file;
  }
  const unpack = (file: string): Promise<void> => unpackCuda(file, folder.at('whole'), folder.context(''));

  it('takes the libraries, the assembler, which can be run, and the licence, and nothing else', async () => {
    await unpack(
      wheel([
        'nvidia/cublas/lib/libcublas.so.12',
        'nvidia/cublas/include/cublas.h',
        'nvidia/cuda_nvcc/bin/ptxas',
        'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
        'nvidia_cublas_cu12-12.9.dist-info/licenses/License.txt',
        'nvidia_cublas_cu12-12.9.dist-info/METADATA',
      ]),
    );
    const files = tree(folder.at('whole')).filter((name) => fs.statSync(folder.at('whole', name)).isFile());
    assert.deepEqual(files, [
      'nvidia/cublas/lib/libcublas.so.12',
      'nvidia/cuda_nvcc/bin/ptxas',
      'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
      'nvidia/licences/nvidia_cublas_cu12.txt',
    ]);
    fs.accessSync(folder.at('whole', 'nvidia', 'cuda_nvcc', 'bin', 'ptxas'), fs.constants.X_OK);
  });

  it('refuses and deletes a wheel that was cut off or has no library, so that the next run fetches it anew', async () => {
    const torn = wheel(['nvidia/cublas/lib/libcublas.so.12']);
    fs.truncateSync(torn, 60);
    await assert.rejects(unpack(torn), failsWith('SETUP_STEP_FAILED', /damaged/, /anew/));
    assert.ok(!fs.existsSync(torn));
    await assert.rejects(unpack(wheel(['nvidia/nothing.txt'])), failsWith('SETUP_STEP_FAILED', /no library/));
  });

  it('the real probe says no where TensorFlow finds no GPU, and why: the processor is not what was asked for', async () => {
    const own = fs.realpathSync(path.join(ownPaths.cache, 'engine', 'current'));
    fs.mkdirSync(folder.at('engine'));
    for (const name of fs.readdirSync(own)) fs.symlinkSync(path.join(own, name), folder.at('engine', name));
    const manifest = JSON.parse(fs.readFileSync(path.join(own, 'engine.json'), 'utf8')) as object;
    fs.rmSync(folder.at('engine', 'engine.json'));
    folder.write('engine/engine.json', JSON.stringify({ ...manifest, gpu: 'NVIDIA T4' }));
    const probe = (env: NodeJS.ProcessEnv): Promise<void> =>
      probeEngine(folder.at('engine'), { paths: ownPaths, env: { ...process.env, ...env } });
    await assert.rejects(
      probe({ CUDA_VISIBLE_DEVICES: undefined }),
      failsWith('ENGINE_NO_GPU', /no NVIDIA GPU/, /nvidia-smi/),
    );
    await assert.rejects(
      probe({ CUDA_VISIBLE_DEVICES: '-1' }),
      failsWith('ENGINE_NO_GPU', /CUDA_VISIBLE_DEVICES is "-1"/),
    );
  });

  it('is undone without touching what there is for the processor', async () => {
    const context = folder.context('');
    const engine = path.join(ownPaths.cache, 'engine', 'current');
    const manifest = fs.readFileSync(path.join(engine, 'engine.json'));
    for (const place of ['cpu', 'some-gpu/tensorflow']) {
      folder.write(`cache/engine/${place}/engine.json`, manifest);
      folder.write(`cache/engine/${place}/tfjs_binding.node`, '');
    }
    fs.symlinkSync('cpu', folder.at('cache', 'engine', 'current'));
    fs.symlinkSync('some-gpu/tensorflow', gpuDirectory(context.paths));
    assert.ok(preparedGpuEngine(context.paths));
    await removeGpuEngine(context);
    assert.equal(preparedGpuEngine(context.paths), undefined);
    assert.ok(preparedEngine(context.paths));
    assert.deepEqual(fs.readdirSync(folder.at('cache', 'engine')).sort(), ['cpu', 'current']);
    await removeGpuEngine(context); // where nothing is, nothing is done
  });
});

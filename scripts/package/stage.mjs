/** What vsce packs: a folder of links to what is here, with the engine, the data and the esbuild that the target takes. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { DATA } from './contents.mjs';
import { notices } from './notices.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const work = path.join(root, 'dist', 'package');
const at = (...parts) => path.join(root, ...parts);

export const THIS_PLATFORM = `${process.platform}-${process.arch}`;

/** As in src/files/cache.ts. */
const cache =
  process.env.DEEP_LEARNING_LAB_CACHE ??
  (process.env.XDG_CACHE_HOME
    ? path.join(process.env.XDG_CACHE_HOME, 'deep-learning-lab')
    : process.platform === 'darwin'
      ? path.join(os.homedir(), 'Library', 'Caches', 'deep-learning-lab')
      : process.platform === 'win32'
        ? path.join(process.env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'), 'deep-learning-lab')
        : path.join(os.homedir(), '.cache', 'deep-learning-lab'));
const engine = path.join(cache, 'engine', 'current');
/** Of 11: each further one takes minutes for a few MB. */
const QUALITY = 5;

/** As they are, where the list of what a package carries takes them. */
const LINKED = [
  ...['.vscodeignore', 'README.md', 'CHANGELOG.md', 'SUPPORT.md', 'SECURITY.md', 'LICENSE', 'l10n', 'media', 'samples'],
  ...fs.readdirSync(root).filter((file) => /^package\.nls.*\.json$/.test(file)),
];

/** The data sets, and the engine wherever one can be made: packed in a universal package is its binding alone. */
export async function prepare(targets) {
  const steps = ['data', ...(targets.includes(THIS_PLATFORM) ? ['engine'] : [])];
  const options = steps.flatMap((step) => ['--only', step]);
  const { status } = spawnSync(process.execPath, [at('scripts/run.mjs'), 'cli', 'setup', ...options], {
    stdio: 'inherit',
    env: { ...process.env, DEEP_LEARNING_LAB_CACHE: cache },
  });
  if (status !== 0)
    throw new Error(`What goes into the package could not be prepared: the set-up ended with ${status}.`);
}

/** For production, beside what development runs. */
export function build() {
  const dist = path.join(work, 'dist');
  fs.rmSync(work, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [at('esbuild.mjs'), '--production', '--quiet', '--out', dist], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`The build ended with ${status}.`);
  addBinding(dist);
  return dist;
}

/** The compiled binding of this platform: whoever brings TensorFlow to such a machine needs no compiler. */
function addBinding(dist) {
  const binding = path.join(engine, 'tfjs_binding.node');
  if (!fs.existsSync(binding)) return;
  const { revision } = JSON.parse(fs.readFileSync(path.join(engine, 'engine.json'), 'utf8'));
  const folder = path.join(dist, 'binding', 'prebuilt', THIS_PLATFORM);
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(binding, path.join(folder, 'tfjs_binding.node'));
  fs.writeFileSync(path.join(folder, 'revision'), String(revision));
}

/** @returns the folder that vsce packs */
export async function stage(target, dist) {
  const folder = path.join(work, target);
  const put = (...parts) => path.join(folder, ...parts);
  fs.mkdirSync(folder, { recursive: true });
  for (const name of LINKED) if (fs.existsSync(at(name))) fs.symlinkSync(at(name), put(name));
  fs.symlinkSync(dist, put('dist'));
  fs.mkdirSync(put('data'));
  // Those alone: a user's cache may hold more than what a package may carry.
  for (const name of Object.keys(DATA)) fs.symlinkSync(path.join(cache, 'data', name), put('data', name));
  if (target !== 'universal') await packEngine(put('engine'));
  const modules = stageModules(target, put('node_modules'));
  const { scripts, devDependencies: _, ...manifest } = JSON.parse(fs.readFileSync(at('package.json'), 'utf8'));
  const uninstall = 'vscode:uninstall';
  const packed = { ...manifest, scripts: { [uninstall]: scripts[uninstall] }, dependencies: modules };
  fs.writeFileSync(put('package.json'), `${JSON.stringify(packed, null, 2)}\n`);
  const text = notices({ dist, data: put('data'), engine: target === 'universal' ? undefined : engine });
  fs.writeFileSync(put('THIRD_PARTY_NOTICES.txt'), text);
  return folder;
}

/** TensorFlow's libraries, compressed better than a VSIX does: src/trainer/engine/unpack.ts takes them out again. */
async function packEngine(folder) {
  fs.mkdirSync(folder);
  await Promise.all(
    fs.readdirSync(engine).map((name) => {
      const file = path.join(engine, name);
      if (!name.startsWith('libtensorflow')) return fs.copyFileSync(file, path.join(folder, name));
      const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
      const params = {
        [BROTLI_PARAM_QUALITY]: QUALITY,
        [BROTLI_PARAM_LGWIN]: 24,
        [BROTLI_PARAM_SIZE_HINT]: fs.statSync(file).size,
      };
      return pipeline(
        fs.createReadStream(file, { highWaterMark: 1 << 20 }),
        zlib.createBrotliCompress({ params, chunkSize: 1 << 20 }),
        fs.createWriteStream(path.join(folder, `${name}.br`)),
      );
    }),
  );
}

/** What is asked for by name at run time. @returns the dependencies, with their versions */
function stageModules(target, modules) {
  const copy = (from, to) =>
    fs.cpSync(at('node_modules', from), path.join(modules, to), { recursive: true, dereference: true });
  copy('deep-learning-lab-types', 'deep-learning-lab-types');
  if (target === 'universal') {
    copy('esbuild-wasm', 'esbuild');
    adaptWasm(path.join(modules, 'esbuild'));
  } else {
    copy('esbuild', 'esbuild');
    copy(`@esbuild/${target}`, `@esbuild/${target}`);
  }
  const versionOf = (name) => JSON.parse(fs.readFileSync(path.join(modules, name, 'package.json'), 'utf8')).version;
  return Object.fromEntries(['deep-learning-lab-types', 'esbuild'].map((name) => [name, versionOf(name)]));
}

/**
 * esbuild as WebAssembly, under the name by which the trainer asks for it. It starts a program called "node", which a machine
 * with VS Code alone does not have: the one that runs the trainer does as well.
 */
function adaptWasm(folder) {
  for (const unused of ['esm', 'lib/browser.js', 'lib/browser.min.js', 'lib/browser.d.ts', 'README.md'])
    fs.rmSync(path.join(folder, unused), { recursive: true, force: true });
  replaceOnce(
    path.join(folder, 'lib', 'main.js'),
    'return ["node", [path2.join(',
    'return [process.execPath, [path2.join(',
  );
  replaceOnce(path.join(folder, 'package.json'), '"name": "esbuild-wasm"', '"name": "esbuild"');
}

function replaceOnce(file, from, to) {
  const parts = fs.readFileSync(file, 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`${file} does not hold ${from} once: another version of esbuild?`);
  fs.writeFileSync(file, parts.join(to));
}

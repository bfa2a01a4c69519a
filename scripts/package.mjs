// Makes a VSIX for this platform and looks at what is in it.
//   npm run package
// vsce is fetched by npx: it is needed here only, and large. It builds for production first (vscode:prepublish).
// The data sets go with it, so that an installed lab needs no network for them.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import yauzl from 'yauzl';

const VSCE = '@vscode/vsce@3.9.2';
const root = path.resolve(import.meta.dirname, '..');
const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const target = `${process.platform}-${process.arch}`;
const file = path.join(root, `${name}-${target}-${version}.vsix`);

/** Whatever runs, asks for one of these. */
const NEEDED = [
  'package.json',
  'package.nls.zh-cn.json',
  'readme.md',
  'LICENSE.txt',
  'l10n/bundle.l10n.zh-cn.json',
  'dist/cli.js',
  'dist/extension.js',
  'dist/trainer.js',
  'dist/tsserver.js',
  'dist/watchdog.js',
  'dist/webview/panel.js',
  'dist/webview/panel.css',
  'dist/webview/output.js',
  'dist/webview/value.js',
  'dist/webview/value.css',
  'dist/webview/codicon.ttf',
  'dist/binding/tfjs_binding.cc',
  'dist/binding/references.cc',
  'dist/binding/include/node_api.h',
  'dist/wasm/tfjs-backend-wasm.wasm',
  'dist/wasm/tfjs-backend-wasm-simd.wasm',
  'dist/wasm/tfjs-backend-wasm-threaded-simd.wasm',
  'dist/wasm/tfjs-backend-wasm-threaded-simd.js',
  'dist/wasm/tfjs-backend-wasm-threaded-simd.worker.js',
  'dist/types/tsconfig.template.json',
  'dist/types/lab/index.d.ts',
  'dist/types/@tensorflow/tfjs/dist/index.d.ts',
  'media/activity.svg',
  'media/icon.png',
  'node_modules/deep-learning-lab-types/index.js',
  'node_modules/esbuild/lib/main.js',
  `node_modules/@esbuild/${target}/bin/esbuild`,
  'data/fashion-mnist/train-images-idx3-ubyte.gz',
  'data/fashion-mnist/LICENCE.txt',
  'data/mnist/train-images-idx3-ubyte.gz',
  'data/mnist/LICENCE.txt',
  'data/mobilenet-v3/weights.bin.gz',
  'data/mobilenet-v3/LICENCE.txt',
  'data/reviews-english/train.tsv.gz',
  'data/reviews-english/LICENCE.txt',
  'data/reviews-chinese/train.tsv.gz',
  'data/reviews-chinese/LICENCE.txt',
  'data/glove-50d/vectors.bin.gz',
  'data/glove-50d/LICENCE.txt',
  'data/characters-128d/vectors.bin.gz',
  'data/characters-128d/LICENCE.txt',
  'data/moby-dick/text.txt.gz',
  'data/moby-dick/LICENCE.txt',
  'data/quatrains/text.txt.gz',
  'data/quatrains/LICENCE.txt',
  'data/poets/train.tsv.gz',
  'data/poets/LICENCE.txt',
  ...lessons(),
];
/** What only development needs. */
const UNWANTED = [
  /^(src|test|webview|scripts|\.|out)/,
  /^dist\/test\//,
  /\.map$/,
  /\/wrong\//,
  /^node_modules\/(?!deep-learning-lab-types\/|esbuild\/|@esbuild\/)/,
  /\.(vsix|tsbuildinfo)$/,
];

const data = path.join(root, 'data');
process.on('exit', () => fs.rmSync(data, { recursive: true, force: true }));
packData();

const flags = [
  '--target',
  target,
  '--out',
  file,
  '--no-rewrite-relative-links',
  '--allow-missing-repository',
  '--follow-symlinks',
];
const { status } = spawnSync('npx', ['--yes', VSCE, 'package', ...flags], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) fail(`vsce ended with ${status}. It is fetched from the npm registry: is that within reach?`);

const entries = (await entriesOf(file))
  .filter((entry) => entry.startsWith('extension/'))
  .map((entry) => entry.slice(10));
const missing = NEEDED.filter((wanted) => !entries.includes(wanted));
const unwanted = entries.filter((entry) => UNWANTED.some((pattern) => pattern.test(entry)));
if (missing.length > 0) fail(`The package lacks ${missing.join(', ')}.`);
if (unwanted.length > 0) fail(`The package holds what it should not: ${unwanted.slice(0, 10).join(', ')}.`);
console.log(`${path.relative(root, file)}: ${entries.length} files, all that is needed and nothing else.`);

/** Anew, into a cache of its own: the user's may hold more than what a package may carry. */
function packData() {
  const cache = path.join(root, 'dist', 'packed');
  for (const old of [cache, data]) fs.rmSync(old, { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    [path.join(root, 'scripts/run.mjs'), 'cli', 'setup', '--only', 'data'],
    { stdio: 'inherit', env: { ...process.env, DEEP_LEARNING_LAB_CACHE: cache } },
  );
  if (status !== 0) fail(`The data sets could not be packed: the set-up ended with ${status}.`);
  fs.renameSync(path.join(cache, 'data'), data);
  fs.rmSync(cache, { recursive: true, force: true });
}

/** Notebook, model file and exercises of each. */
function lessons() {
  const samples = path.join(root, 'samples');
  return fs
    .readdirSync(samples, { recursive: true })
    .map((entry) => `samples/${entry.replaceAll(path.sep, '/')}`)
    .filter((entry) => /\/(lesson\.lab\.md|model\.ts|exercise\.md|checks\.ts|solution\.ts)$/.test(entry));
}

function entriesOf(archive) {
  return new Promise((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: false }, (error, zip) => {
      if (error) return reject(error);
      const names = [];
      zip.on('entry', ({ fileName }) => names.push(fileName));
      zip.on('end', () => resolve(names));
      zip.on('error', reject);
    });
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** What a package holds: all that whatever runs asks for, and nothing that is not on the list. */
import fs from 'node:fs';
import path from 'node:path';
import yauzl from 'yauzl';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Folders of data/, each with its licence. */
export const DATA = {
  'fashion-mnist': 'train-images-idx3-ubyte.gz',
  mnist: 'train-images-idx3-ubyte.gz',
  'mobilenet-v3': 'weights.bin.gz',
  'reviews-english': 'train.tsv.gz',
  'reviews-chinese': 'train.tsv.gz',
  'glove-50d': 'vectors.bin.gz',
  'characters-128d': 'vectors.bin.gz',
  'moby-dick': 'text.txt.gz',
  quatrains: 'text.txt.gz',
  poets: 'train.tsv.gz',
};

const NEEDED = [
  'package.json',
  'package.nls.zh-cn.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'THIRD_PARTY_NOTICES.txt',
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
  'dist/binding/older.cc',
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
  'media/readme/lab.png',
  'node_modules/deep-learning-lab-types/index.js',
  'node_modules/esbuild/lib/main.js',
  ...Object.entries(DATA).flatMap(([name, file]) => [`data/${name}/${file}`, `data/${name}/LICENCE.txt`]),
  ...lessons(),
];

const neededFor = (target) => {
  if (target === 'universal') return ['node_modules/esbuild/esbuild.wasm'];
  const libraries = target.startsWith('darwin')
    ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
    : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  return [
    `node_modules/@esbuild/${target}/${target.startsWith('win32') ? 'esbuild.exe' : 'bin/esbuild'}`,
    ...['engine.json', 'tfjs_binding.node', 'THIRD_PARTY_NOTICES.txt', ...libraries.map((file) => `${file}.br`)].map(
      (file) => `engine/${file}`,
    ),
  ];
};

/** Every file is one of these. */
const ALLOWED = [
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^(readme|changelog|support|security)\.md$/i,
  /^(LICENSE|THIRD_PARTY_NOTICES)\.txt$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^dist\/(cli|extension|trainer|tsserver|watchdog)\.js$/,
  /^dist\/webview\/[a-z]+\.(js|css|ttf)$/,
  /^dist\/wasm\/tfjs-backend-wasm[a-z.-]*\.(wasm|js)$/,
  /^dist\/binding\/([a-z_0-9]+\.(cc|h)|LICENSE|include\/[a-z_]+\.h)$/,
  /^dist\/binding\/prebuilt\/[a-z0-9-]+\/(tfjs_binding\.node|revision)$/,
  /^dist\/types\/(.*\.d\.ts|.*package\.json|.*LICENSE|tsconfig\.template\.json|\.stamp)$/,
  /^media\/.*\.(svg|png)$/,
  /^samples\/[a-z-]+\/[a-z-]+(\.zh-cn)?\.(lab\.md|ts|tsv)$/i,
  /^samples\/[a-z-]+\/exercises\/[a-z]+\.ts$/,
  /^samples\/[a-z-]+\/exercises\/[a-z0-9-]+\/(exercise(\.zh-cn)?\.md|[a-z-]+\.ts)$/,
  /^data\/[a-z0-9-]+\/[A-Za-z0-9._-]+$/,
  /^engine\/(engine\.json|tfjs_binding\.node|THIRD_PARTY_NOTICES\.txt|libtensorflow_[a-z]+\.[a-z0-9.]+\.br)$/,
  /^node_modules\/deep-learning-lab-types\/(index\.js|package\.json)$/,
  /^node_modules\/esbuild\/.*$/,
  /^node_modules\/@esbuild\/[a-z0-9-]+\/.*$/,
];
/** What only development needs, also where a pattern above would let it through. */
const UNWANTED = [/\.map$/, /\/wrong\//, /\.tsbuildinfo$/, /^dist\/test\//];

/** @throws Error that names what is missing or too much */
export async function lookInto(file, target) {
  const entries = (await entriesOf(file)).filter(({ name }) => name.startsWith('extension/'));
  const names = entries.map(({ name }) => name.slice('extension/'.length));
  const missing = [...NEEDED, ...neededFor(target)].filter((wanted) => !names.includes(wanted));
  if (missing.length > 0) throw new Error(`The package lacks ${missing.join(', ')}.`);
  const isUnwanted = (name) =>
    !ALLOWED.some((pattern) => pattern.test(name)) || UNWANTED.some((pattern) => pattern.test(name));
  const unwanted = names.filter(isUnwanted);
  if (unwanted.length > 0)
    throw new Error(`The package holds what it should not: ${unwanted.slice(0, 10).join(', ')}.`);
  if (target === 'universal' && names.some((name) => /^(engine|node_modules\/@esbuild)\//.test(name)))
    throw new Error('The universal package holds what runs on one platform only.');
  return { files: names.length, bytes: fs.statSync(file).size };
}

/** Notebook, model file and exercises of each. */
function lessons() {
  const samples = path.join(root, 'samples');
  return fs
    .readdirSync(samples, { recursive: true })
    .map((entry) => `samples/${entry.replaceAll(path.sep, '/')}`)
    .filter((entry) => /\/(lesson(\.zh-cn)?\.lab\.md|model\.ts|exercise\.md|checks\.ts|solution\.ts)$/.test(entry));
}

function entriesOf(archive) {
  return new Promise((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: false }, (error, zip) => {
      if (error) return reject(error);
      const entries = [];
      zip.on('entry', ({ fileName }) => entries.push({ name: fileName }));
      zip.on('end', () => resolve(entries));
      zip.on('error', reject);
    });
  });
}

// Builds the three worlds of the extension (extension host, trainer, webview), the command line and the tests.
//   node esbuild.mjs [--production] [--out DIR] [--watch] [--tests]
import esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { copyBinding } from './scripts/binding.mjs';
import { emitTypes } from './scripts/types.mjs';
import { copyWasm } from './scripts/wasm.mjs';

const root = import.meta.dirname;
const outAt = process.argv.indexOf('--out');
/** A package is made from a build of its own: what development runs stays as it is meanwhile. */
const dist = outAt < 0 ? path.join(root, 'dist') : path.resolve(process.argv[outAt + 1]);
const at = (...parts) => path.join(root, ...parts);
const inDist = (...parts) => path.join(dist, ...parts);

/** tfjs-node finds its binding through node-pre-gyp; bundled, it asks the engine module instead. */
const engineBinding = {
  name: 'engine-binding',
  setup(build) {
    build.onResolve({ filter: /^@mapbox\/node-pre-gyp$/ }, () => ({
      path: at('src/learning/engine/native/bindingPath.ts'),
    }));
  },
};

const node = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  bundle: true,
  logLevel: 'silent',
  metafile: true,
  alias: { 'deep-learning-lab': at('src/lab/index.ts') },
  plugins: [engineBinding],
  // Decoders of pictures: part of the bundle, so that they are found wherever it lies.
  loader: { '.wasm': 'binary' },
};

const browser = {
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  bundle: true,
  logLevel: 'silent',
  metafile: true,
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
};

/** All tests of one kind as one bundle, so that they share one TensorFlow. */
function suite(kind) {
  const files = fs.existsSync(at('test', kind))
    ? fs
        .readdirSync(at('test', kind), { recursive: true })
        .filter((file) => file.endsWith('.test.ts'))
        .sort()
    : [];
  const paths = files.map((file) => `./test/${kind}/${file.replaceAll(path.sep, '/')}`);
  // VS Code calls `run`; mocha's globals are there only then, so that the files are executed no earlier.
  const contents =
    kind === 'vscode'
      ? `import { runSuite } from './test/vscode/index';
         export const run = () => runSuite(() => { ${paths.map((file) => `require('${file}');`).join(' ')} });`
      : paths.map((file) => `import '${file}';`).join('\n');
  return { stdin: { contents, resolveDir: root, sourcefile: `${kind}.ts` }, outfile: inDist(`test/${kind}.js`) };
}

function targets({ production, tests }) {
  const shipped = { minify: production, sourcemap: production ? false : 'linked', legalComments: 'none' };
  const list = [
    {
      ...node,
      ...shipped,
      entryPoints: [at('src/extension.ts')],
      outfile: inDist('extension.js'),
      external: ['vscode'],
    },
    // esbuild stays outside: it is a native program that the trainer calls to read model files.
    {
      ...node,
      ...shipped,
      entryPoints: [at('src/trainer/main.ts')],
      outfile: inDist('trainer.js'),
      external: ['esbuild'],
      keepNames: true,
      inject: [at('src/trainer/guard/timers.ts')],
    },
    { ...node, ...shipped, entryPoints: [at('src/trainer/watchdog/worker.ts')], outfile: inDist('watchdog.js') },
    { ...node, ...shipped, entryPoints: [at('src/cli/main.ts')], outfile: inDist('cli.js') },
    // TypeScript's server loads it by way of node_modules/deep-learning-lab-types, and hands it its own TypeScript.
    { ...node, ...shipped, entryPoints: [at('src/tsserver/plugin.ts')], outfile: inDist('tsserver.js') },
    { ...browser, ...shipped, entryPoints: { panel: at('webview/panel/main.ts') }, outdir: inDist('webview') },
    { ...browser, ...shipped, entryPoints: { value: at('webview/output/value.ts') }, outdir: inDist('webview') },
    {
      ...browser,
      ...shipped,
      format: 'esm',
      entryPoints: { output: at('webview/output/main.ts') },
      outdir: inDist('webview'),
    },
    // Goes into every page that is exported: small, and without a comment that asks for a map.
    {
      ...browser,
      minify: true,
      legalComments: 'none',
      entryPoints: { page: at('webview/output/page.ts') },
      outdir: inDist('webview'),
    },
  ];
  if (tests) {
    const external = [
      'vscode',
      'esbuild',
      'typescript',
      'mocha',
      'playwright-core',
      'axe-core',
      '@vscode/test-electron',
    ];
    const common = { ...node, sourcemap: 'linked', external, keepNames: true };
    list.push({ ...common, entryPoints: { run: at('test/run.ts') }, outdir: inDist('test') });
    list.push({ ...common, entryPoints: { reporter: at('test/runner/reporter.ts') }, outdir: inDist('test') });
    list.push({ ...common, entryPoints: { vscodeLaunch: at('test/vscode/launch.ts') }, outdir: inDist('test') });
    for (const name of ['settler', 'achiever'])
      list.push({ ...common, entryPoints: { [name]: at(`test/attack/${name}.ts`) }, outdir: inDist('test') });
    for (const kind of ['unit', 'wasm', 'attack', 'vscode', 'ui']) list.push({ ...common, ...suite(kind) });
    list.push({ ...browser, entryPoints: { harness: at('test/ui/kit/harness.js') }, outdir: inDist('test/kit') });
    list.push({ ...browser, entryPoints: { harness: at('test/ui/output/harness.js') }, outdir: inDist('test/output') });
    list.push({ ...common, entryPoints: { bench: at('test/bench/main.ts') }, outdir: inDist('test') });
    list.push({ ...browser, entryPoints: { benchPage: at('test/bench/engines/page.ts') }, outdir: inDist('test') });
    list.push({ ...common, entryPoints: { benchHost: at('test/bench/notebookHost.ts') }, outdir: inDist('test') });
  }
  return list.filter(
    (target) =>
      target.entryPoints === undefined || Object.values(target.entryPoints).every((file) => fs.existsSync(file)),
  );
}

const stampFile = (tests) => path.join(dist, tests ? '.stamp-tests' : '.stamp');

/** Newest modification among everything a build reads. */
function newestSource() {
  let newest = fs.statSync(at('package-lock.json')).mtimeMs;
  const visit = (entry) => {
    const stat = fs.statSync(entry);
    newest = Math.max(newest, stat.mtimeMs);
    if (stat.isDirectory())
      for (const name of fs.readdirSync(entry)) if (name !== 'screenshots') visit(path.join(entry, name));
  };
  for (const folder of [
    'src',
    'webview',
    'test',
    'scripts/types.mjs',
    'scripts/binding.mjs',
    'scripts/wasm.mjs',
    'esbuild.mjs',
    'package.json',
  ])
    visit(at(folder));
  return newest;
}

async function isFresh({ tests = false } = {}) {
  const stamp = stampFile(tests);
  return fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs > newestSource();
}

async function build({ production = false, tests = false, quiet = false } = {}) {
  const started = Date.now();
  try {
    const results = await Promise.all(targets({ production, tests }).map((target) => esbuild.build(target)));
    await emitTypes(dist);
    copyBinding(dist);
    copyWasm(dist);
    fs.mkdirSync(dist, { recursive: true });
    // What is made for a package is not what development wants to find.
    if (production) {
      fs.rmSync(stampFile(tests), { force: true });
      fs.writeFileSync(inDist('packages.json'), JSON.stringify(bundledPackages(results), null, 2));
    } else fs.writeFileSync(stampFile(tests), '');
    if (!quiet) reportSizes(results);
    if (!quiet) console.log(`Built in ${Date.now() - started} ms.`);
  } catch (error) {
    for (const message of error.errors ?? []) {
      const place = message.location
        ? `${message.location.file}:${message.location.line}:${message.location.column + 1}: `
        : '';
      console.error(`${place}${message.text}`);
    }
    if (!error.errors) console.error(error);
    process.exit(1);
  }
}

/** The folders of npm packages of which something went into a bundle: their licences travel with it. */
function bundledPackages(results) {
  const folders = results.flatMap(({ metafile }) =>
    Object.keys(metafile.inputs).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
  );
  return [...new Set(folders)].sort();
}

function reportSizes(results) {
  for (const { metafile } of results) {
    for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
      if (!file.endsWith('.map')) console.log(`${(bytes / 1024).toFixed(0).padStart(8)} KiB  ${file}`);
    }
  }
}

/**
 * Rebuilds what changes. The lines "[watch] build started" and "[watch] build finished" come in pairs around all bundles
 * that are built together: .vscode/tasks.json waits for them.
 */
async function watch({ tests }) {
  let running = 0;
  const begin = () => {
    if (running++ === 0) console.log('[watch] build started');
  };
  const end = () => {
    if (--running === 0) console.log('[watch] build finished');
  };
  const announced = (onFirst) => ({
    name: 'announced',
    setup(build) {
      build.onStart(begin);
      build.onEnd(async ({ errors, warnings }) => {
        for (const [kind, messages] of Object.entries({ error: errors, warning: warnings })) {
          for (const text of await esbuild.formatMessages(messages, { kind, color: false })) console.log(text);
        }
        onFirst();
        end();
      });
    },
  });
  begin();
  // Watching begins with a build; all first builds make one pair of lines.
  const first = targets({ production: false, tests }).map(
    (target) =>
      new Promise((resolve, reject) => {
        const plugins = [...(target.plugins ?? []), announced(resolve)];
        esbuild
          .context({ ...target, plugins })
          .then((context) => context.watch())
          .catch(reject);
      }),
  );
  await Promise.all(first);
  copyBinding(dist);
  copyWasm(dist);
  if (fs.existsSync(at('src/lab'))) await emitTypes(dist);
  end();
}

const flag = (name) => process.argv.includes(`--${name}`);
const tests = flag('tests');
if (flag('watch')) await watch({ tests });
else if (!flag('stale') || !(await isFresh({ tests }))) {
  await build({ production: flag('production'), tests, quiet: flag('quiet') });
}

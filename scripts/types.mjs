// Writes dist/types: what the editor needs to understand a working copy, in a folder that can be copied as it is.
//
//   tsconfig.template.json   a working copy's tsconfig.json; its paths lead to ../.lab/types
//   lab/, protocol/          declarations of 'deep-learning-lab'
//   @tensorflow/             declarations of TensorFlow.js, only what its entry reaches
//   @types/node/             Node's own
//
//   node scripts/types.mjs [--force]
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.join(import.meta.dirname, '..');
const at = (...parts) => path.join(root, ...parts);

const TENSORFLOW = ['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-data', 'tfjs-converter'];
/** Backends and their registration: nothing that a model file calls. */
const LEFT_OUT = /^export \* from '@tensorflow\/tfjs-backend-(cpu|webgl)';$/gm;
/** Points to packages that only a browser needs. */
const STRAY_REFERENCE = /^\/\/\/ <reference types=.*$/gm;

const TEMPLATE = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    strict: true,
    isolatedModules: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    typeRoots: ['../.lab/types/@types'],
    types: ['node'],
    paths: {
      'deep-learning-lab': ['../.lab/types/lab/index.d.ts'],
      '@tensorflow/tfjs-node': ['../.lab/types/@tensorflow/tfjs'],
      '@tensorflow/*': ['../.lab/types/@tensorflow/*'],
    },
  },
  include: ['**/*.ts'],
};

/** Does nothing when nothing that it reads has changed. */
export async function emitTypes(dist, { force = false } = {}) {
  const target = path.join(dist, 'types');
  const stamp = fingerprint();
  const stampFile = path.join(target, '.stamp');
  if (!force && fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp) return false;

  // Written beside, then renamed: nobody copies a half-written folder.
  const draft = `${target}-new-${process.pid}`;
  fs.rmSync(draft, { recursive: true, force: true });
  try {
    const { default: ts } = await import('typescript');
    emitLab(ts, draft);
    copyTensorflow(draft);
    copyNode(draft);
    fs.writeFileSync(path.join(draft, 'tsconfig.template.json'), `${JSON.stringify(TEMPLATE, null, 2)}\n`);
    fs.writeFileSync(path.join(draft, '.stamp'), stamp);
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(draft, target);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
  return true;
}

/** Everything that the output follows from. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (file) => hash.update(`${path.relative(root, file)}\n`).update(fs.readFileSync(file));
  for (const folder of ['lab', 'protocol']) {
    const sources = fs.readdirSync(at('src', folder), { recursive: true }).filter((file) => file.endsWith('.ts'));
    for (const file of sources.sort()) add(at('src', folder, file));
  }
  add(at('tsconfig.json'));
  add(import.meta.filename);
  for (const name of TENSORFLOW) add(at('node_modules', '@tensorflow', name, 'package.json'));
  add(at('node_modules', '@types', 'node', 'package.json'));
  return hash.digest('hex');
}

function emitLab(ts, draft) {
  const { config } = ts.readConfigFile(at('tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ['src/lab'] }, ts.sys, root);
  const entry = at('src', 'lab', 'index.ts');
  const program = ts.createProgram([entry], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: at('src'),
    outDir: draft,
  });
  const emitted = new Map();
  const { diagnostics } = program.emit(undefined, (file, text) => emitted.set(path.normalize(file), text));
  const [problem] = diagnostics;
  if (problem) throw new Error(`Declarations of src/lab: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`);
  const files = reachable([path.join(draft, 'lab', 'index.d.ts')], (file) => emitted.get(file));
  for (const [file, text] of files) write(file, text);
}

/** The declarations that TensorFlow.js's entry leads to, with their comments: the editor shows them. */
function copyTensorflow(draft) {
  const modules = at('node_modules');
  const read = (file) => {
    if (!fs.existsSync(file)) return undefined;
    return fs.readFileSync(file, 'utf8').replace(STRAY_REFERENCE, '').replace(LEFT_OUT, '');
  };
  const entries = TENSORFLOW.map((name) => path.join(modules, '@tensorflow', name, 'dist', 'index.d.ts'));
  for (const [file, text] of reachable(entries, read)) write(path.join(draft, path.relative(modules, file)), text);
  for (const name of TENSORFLOW) {
    const { version, license } = JSON.parse(
      fs.readFileSync(path.join(modules, '@tensorflow', name, 'package.json'), 'utf8'),
    );
    const own = { name: `@tensorflow/${name}`, version, license, types: 'dist/index.d.ts' };
    write(path.join(draft, '@tensorflow', name, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  }
}

/** The files that the entries import, and those that these import, by relative path or inside TensorFlow.js. */
function reachable(entries, read) {
  const found = new Map();
  const waiting = [...entries];
  while (waiting.length > 0) {
    const file = waiting.pop();
    if (found.has(file)) continue;
    const text = read(file);
    if (text === undefined) throw new Error(`${file} is missing`);
    found.set(file, text);
    for (const fileName of importsOf(text)) {
      let base;
      if (fileName.startsWith('.')) base = path.join(path.dirname(file), fileName);
      else if (fileName.startsWith('@tensorflow/') && fileName.includes('/dist/')) base = at('node_modules', fileName);
      else continue;
      const target = [`${base}.d.ts`, path.join(base, 'index.d.ts')].find((candidate) => read(candidate) !== undefined);
      if (target === undefined) throw new Error(`${fileName}, imported by ${file}, is missing`);
      waiting.push(target);
    }
  }
  return found;
}

/** Also those of `export * as name from` and of import types. Examples in comments do not count. */
function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name]) => name);
}

function write(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

function copyNode(draft) {
  const folder = at('node_modules', '@types', 'node');
  const wanted = (file) => fs.statSync(file).isDirectory() || /\.d\.ts$|package\.json$|LICENSE$/.test(file);
  fs.cpSync(folder, path.join(draft, '@types', 'node'), { recursive: true, filter: wanted });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = Date.now();
  const written = await emitTypes(at('dist'), { force: process.argv.includes('--force') });
  console.log(`${written ? 'Wrote' : 'Fresh:'} dist/types (${Date.now() - started} ms)`);
}

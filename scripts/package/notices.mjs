/** One file with every licence of what a package holds and others have made. */
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const modules = path.join(root, 'node_modules');

function licence(name) {
  return `\n${fs.readFileSync(path.join(import.meta.dirname, 'licences', `${name}.txt`), 'utf8').trim()}`;
}

const RULE = '='.repeat(100);
/** Packages that something is copied from, beside those that are bundled. */
const COPIED = ['esbuild', 'node-api-headers', '@types/node', '@vscode/codicons', '@tensorflow/tfjs-node'];

/** What packages hold in compiled form and say nothing of in their own licence. */
const COMPILED = {
  'mpg123-decoder': [
    'It contains mpg123, compiled to WebAssembly: copyright by the mpg123 project, under the LGPL 2.1, which follows. Its',
    'source is in the repository that its package.json names. Deep Learning Lab itself is under the MIT licence, and its source',
    'builds with another mpg123-decoder in place of this one.',
    licence('LGPL-2.1'),
  ],
  '@wasm-audio-decoders/flac': ['It contains libFLAC, compiled to WebAssembly:', licence('libFLAC')],
};

/**
 * @param dist A production build, with its list of bundled packages
 * @param data The folder of data sets, each with its LICENCE.txt
 * @param engine Where TensorFlow lies, if it travels, too
 * @throws Error where a package says nothing of its licence
 */
export function notices({ dist, data, engine }) {
  const bundled = JSON.parse(fs.readFileSync(path.join(dist, 'packages.json'), 'utf8'));
  const folders = [
    ...bundled.map((folder) => path.join(root, folder)),
    ...COPIED.map((name) => path.join(modules, name)),
  ];
  const packages = new Map(folders.map((folder) => [folder, noticeOf(folder)]));
  const parts = [
    'Deep Learning Lab contains work of others, under these licences.',
    ...[...packages.values()].sort(),
    ...fs
      .readdirSync(data)
      .sort()
      .map((name) => section(`Data: ${name}`, fs.readFileSync(path.join(data, name, 'LICENCE.txt'), 'utf8'))),
    ...(engine === undefined
      ? []
      : [
          section(
            'TensorFlow, and what it contains',
            fs.readFileSync(path.join(engine, 'THIRD_PARTY_NOTICES.txt'), 'utf8'),
          ),
        ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = fs
    .readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|thirdpartynotices?)([.-].*)?$/i.test(file));
  const texts = files.map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  const id = typeof license === 'string' ? license : license?.type;
  if (texts.length === 0) texts.push(...readmeText(folder));
  if (texts.length === 0)
    for (const one of (id ?? '').split(' AND ')) texts.push(standardText(one, author, `${name} ${version}`));
  return section(
    `${name} ${version} (${id ?? 'see below'})`,
    [...texts, ...(name in COMPILED ? [COMPILED[name].join('\n')] : [])].join('\n\n'),
  );
}

/** Some have their terms at the end of their README. */
function readmeText(folder) {
  const file = fs.readdirSync(folder).find((name) => /^readme\.md$/i.test(name));
  const text = file === undefined ? '' : fs.readFileSync(path.join(folder, file), 'utf8');
  const terms = /^#+\s*licen[cs]e\s*$([\s\S]*)/im.exec(text)?.[1] ?? '';
  return /redistribution|permission is hereby granted/i.test(terms) ? [terms.trim()] : [];
}

/** For packages that name a licence and leave its text out. */
function standardText(id, author, what) {
  const by = typeof author === 'string' ? author : (author?.name ?? 'its authors');
  if (id === 'Apache-2.0') return fs.readFileSync(path.join(modules, 'typescript', 'LICENSE.txt'), 'utf8');
  if (id === 'MIT') return `Copyright (c) ${by}\n\n${mit()}`;
  throw new Error(`${what} names no licence whose text is known: ${id}`);
}

/** The terms alone, without whose they are. */
function mit() {
  const text = fs.readFileSync(path.join(root, 'LICENSE'), 'utf8');
  return text.slice(text.indexOf('Permission is hereby granted'));
}

const section = (title, text) => `${RULE}\n${title}\n${RULE}\n\n${text.trim()}`;

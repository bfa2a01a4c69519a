// Makes the packages (VSIX) and looks at what is in them.
//   npm run package                         the universal one, and this platform's
//   npm run package -- --universal          with the WebAssembly engine: for every machine
//   npm run package -- --target linux-x64   with TensorFlow inside; made on such a machine
//   npm run package -- --all                the same as without an option
//   --out DIR                               where they are written (default: the clone)
// Data sets, lessons and both languages are in each: what is installed needs no network. vsce is fetched by npx: it is
// needed here only, and large.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { lookInto } from './contents.mjs';
import { build, prepare, stage, THIS_PLATFORM } from './stage.mjs';

const VSCE = '@vscode/vsce@3.9.2';
/** In MB of 10^6 bytes. */
const LIMITS = { universal: 60, native: 220 };

/**
 * vsce reads each file as one string to look for secrets, which TensorFlow's library is too long for. All else in such a
 * package is in the universal one, which is looked through.
 */
const UNREAD = ['--allow-package-all-secrets', '--allow-package-env-file'];

const root = path.resolve(import.meta.dirname, '..', '..');
const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

const { values } = parseArgs({
  options: {
    all: { type: 'boolean' },
    universal: { type: 'boolean' },
    target: { type: 'string', multiple: true },
    out: { type: 'string' },
  },
});
const out = path.resolve(process.env.INIT_CWD ?? process.cwd(), values.out ?? root);

try {
  const targets = targetsOf(values);
  await prepare(targets);
  const dist = build();
  for (const target of targets) console.log(await make(target, dist));
} catch (error) {
  console.error(error instanceof Error && error.cause === undefined ? error.message : error);
  process.exitCode = 1;
}

function targetsOf({ all, universal, target = [] }) {
  const everything = all === true || (universal !== true && target.length === 0);
  const targets = [
    ...(everything || universal === true ? ['universal'] : []),
    ...(everything ? [THIS_PLATFORM] : target),
  ];
  const foreign = targets.find((one) => one !== 'universal' && one !== THIS_PLATFORM);
  if (foreign !== undefined)
    throw new Error(
      `A package for ${foreign} holds an engine that is compiled on ${foreign}; this machine is ${THIS_PLATFORM}. Run the command there.`,
    );
  return [...new Set(targets)];
}

async function make(target, dist) {
  const folder = await stage(target, dist);
  const file = path.join(out, `${name}-${target === 'universal' ? '' : `${target}-`}${version}.vsix`);
  fs.mkdirSync(out, { recursive: true });
  const { status, output } = vsce(folder, [
    ...['package', '--out', file, '--no-rewrite-relative-links', '--allow-missing-repository', '--follow-symlinks'],
    ...(target === 'universal' ? [] : ['--target', target, ...UNREAD]),
  ]);
  if (status !== 0)
    throw new Error(`vsce ended with ${status}. It is fetched from the npm registry: is that within reach?`);
  const warnings = output.split('\n').filter((line) => /\bwarning\b/i.test(line));
  if (warnings.length > 0) throw new Error(`vsce warns:\n${warnings.join('\n')}`);
  const { files, bytes } = await lookInto(file, target);
  fs.rmSync(folder, { recursive: true });
  const megabytes = bytes / 1e6;
  const limit = target === 'universal' ? LIMITS.universal : LIMITS.native;
  if (megabytes > limit) throw new Error(`${file} has ${megabytes.toFixed(1)} MB, and may have ${limit}.`);
  return `${path.relative(root, file)}: ${megabytes.toFixed(1)} MB, ${files} files, all that is needed and nothing else.`;
}

function vsce(cwd, args) {
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', VSCE, ...args], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const output = `${stdout}${stderr}`;
  process.stderr.write(output);
  return { status, output };
}

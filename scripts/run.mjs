// Every npm script starts here: brings dependencies and build up to date, then hands over to the built program.
// Plain JavaScript and Node only, because on a clean clone there is nothing else yet.
//   node scripts/run.mjs PROGRAM [ARG ...]     PROGRAM is a file under dist, e.g. cli or test/run
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const [program, ...args] = process.argv.slice(2);
if (program === undefined) fail('usage: node scripts/run.mjs PROGRAM [ARG ...]');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Node 20.19 or newer is needed, this is ${process.versions.node}. Install a current Node and run the command again.`,
  );
}

await installDependencies();
const { build, isFresh } = await import('../esbuild.mjs');
const tests = program.startsWith('test/');
if (!(await isFresh({ tests }))) await build({ tests, quiet: true });

const child = spawn(process.execPath, ['--enable-source-maps', path.join(root, 'dist', `${program}.js`), ...args], {
  stdio: 'inherit',
  cwd: process.cwd(),
  env: { ...process.env, DEEP_LEARNING_LAB_ROOT: root },
});
// The terminal sends Ctrl+C to the child too; it decides how to end, and we end with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

/** `npm ci`, unless node_modules was made from this very lock file. Our stamp is written last, so an interrupted install is repeated. */
async function installDependencies() {
  const stamp = path.join(root, 'node_modules', '.deep-learning-lab-stamp');
  const lock = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing npm packages …');
  const started = Date.now();
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  fs.writeFileSync(stamp, lock);
  console.log(`Installed npm packages in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function run(command, parameters) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32';
    const running = spawn(command, parameters, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell });
    running.on('error', (error) =>
      fail(`Could not start ${command}: ${error.message}. Install Node with npm and run the command again.`),
    );
    running.on('exit', (code) =>
      code === 0
        ? resolve()
        : fail(
            `${command} ${parameters[0]} ended with ${code}. Check the network connection to the npm registry and run the command again; what was done so far is kept.`,
          ),
    );
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

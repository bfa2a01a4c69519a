// Every npm script starts here: brings dependencies and build up to date, then hands over.
// Plain JavaScript and Node only, because on a clean clone there is nothing else yet.
//   node scripts/run.mjs PROGRAM [ARG ...]       builds what is stale, then runs dist/PROGRAM.js, e.g. cli or test/run
//   node scripts/run.mjs bin:TOOL [ARG ...]      runs a tool of node_modules/.bin; nothing is built
//   node scripts/run.mjs SCRIPT.mjs [ARG ...]    runs a script of the clone; nothing is built
// It says what it does on stderr: stdout belongs to the program.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const windows = process.platform === 'win32';
const [program, ...args] = process.argv.slice(2);
if (program === undefined) fail('usage: node scripts/run.mjs PROGRAM [ARG ...]');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Node 20.19 or newer is needed, this is ${process.versions.node}. Install a current Node and run the command again.`,
  );
}

await installDependencies();
if (program.startsWith('bin:')) handOver(path.join(root, 'node_modules', '.bin', program.slice(4)), args, windows);
else if (program.endsWith('.mjs')) handOver(process.execPath, [path.join(root, program), ...args]);
else {
  const tests = program.startsWith('test/') ? ['--tests'] : [];
  const building = [path.join(root, 'esbuild.mjs'), '--stale', '--quiet', ...tests];
  const { status } = spawnSync(process.execPath, building, { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  const file = path.join(root, 'dist', `${program}.js`);
  if (!fs.existsSync(file)) fail(`There is no program "${program}": ${file} was not built.`);
  handOver(process.execPath, ['--enable-source-maps', file, ...args]);
}

/** Ends as the program ends. */
function handOver(command, parameters, shell = false) {
  const child = spawn(command, parameters, {
    stdio: 'inherit',
    shell,
    env: { ...process.env, DEEP_LEARNING_LAB_ROOT: root },
  });
  // A terminal sends Ctrl+C to the program as well, a plain `kill` of this process does not: so it is always passed on,
  // and the program takes two at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Could not start ${command}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (os.constants.signals[signal] ?? 1)));
}

/** `npm ci`, unless node_modules was made from this very lock file. Our stamp is written last, so an interrupted install is repeated. */
async function installDependencies() {
  const stamp = path.join(root, 'node_modules', '.deep-learning-lab-stamp');
  const lock = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) return;
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const live = process.stderr.isTTY;
  let doing = 'Installing npm packages …';
  const say = () => process.stderr.write(live ? `\r\x1b[2K${doing} ${Math.round(seconds())} s` : `${doing}\n`);
  const timer = setInterval(() => live && say(), 1000);
  say();
  const problem = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], () => {
    doing = 'Stopping: npm clears away what is half done …';
    say();
  });
  clearInterval(timer);
  if (live) process.stderr.write('\r\x1b[2K');
  if (problem !== undefined) fail(problem.message, problem.code);
  fs.writeFileSync(stamp, lock);
  console.error(`✓ npm packages (${seconds().toFixed(1)} s)`);
}

/** Resolves with what went wrong, if anything. */
function npm(parameters, onStop) {
  return new Promise((resolve) => {
    const running = spawn('npm', parameters, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], shell: windows });
    let said = '';
    running.stderr.on('data', (text) => (said += text));
    let stoppedAt;
    // The next npm must not meet this one at its clearing, so it is waited for; who presses Ctrl+C again does not wait.
    const stop = (signal) => {
      if (stoppedAt === undefined) {
        running.kill(signal);
        stoppedAt = Date.now();
        onStop();
      } else if (Date.now() - stoppedAt > 1000) running.kill('SIGKILL');
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, stop);
    const end = (problem) => {
      for (const signal of signals) process.off(signal, stop);
      resolve(problem);
    };
    running.on('error', ({ message }) =>
      end({ message: `Could not start npm: ${message}. Install Node with npm and run the command again.`, code: 1 }),
    );
    running.on('close', (code) => {
      if (stoppedAt !== undefined) end({ message: 'Stopped. Run the command again to continue.', code: 130 });
      else if (code === 0) end();
      else
        end({
          message: `${said}npm could not install the packages (it ended with ${code}). Check the network connection to the npm registry and run the command again; what was fetched so far is kept.`,
          code: 1,
        });
    });
  });
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

/** F5: what .vscode/ names exists, and the task that watches ends what it begins. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eventually } from '../../support/wait';
import { repositoryRoot } from './root';

interface Launch {
  readonly configurations: readonly {
    readonly name: string;
    readonly preLaunchTask: string;
    readonly program?: string;
    readonly args: readonly string[];
  }[];
}
interface Matcher {
  readonly pattern: readonly { readonly regexp: string }[];
  readonly background: { readonly beginsPattern: string; readonly endsPattern: string };
}
interface Task {
  readonly label: string;
  readonly type: string;
  readonly command?: string;
  readonly script?: string;
  readonly isBackground?: boolean;
  readonly problemMatcher: Matcher | readonly string[];
}

const root = repositoryRoot();
const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
const { configurations } = read('.vscode/launch.json') as Launch;
const { tasks } = read('.vscode/tasks.json') as { readonly tasks: readonly Task[] };
const { scripts } = read('package.json') as { readonly scripts: Readonly<Record<string, string>> };
const here = (text: string): string => text.replace('${workspaceFolder}', root);

describe('what F5 starts', () => {
  it('is prepared by tasks that there are', () => {
    assert.ok(configurations.some(({ name }) => name === 'Extension'));
    for (const { name, preLaunchTask } of configurations) {
      assert.ok(
        tasks.some(({ label }) => label === preLaunchTask),
        `${name}: ${preLaunchTask}`,
      );
    }
  });

  it('runs programs that there are', () => {
    for (const { program, args } of configurations) {
      const files = [...(program === undefined ? [] : [program]), ...args.map((text) => text.replace(/^--\w+=/, ''))];
      for (const file of files.filter((text) => /^\$\{|^dist\//.test(text))) {
        assert.ok(fs.existsSync(path.resolve(root, here(file))), file);
      }
    }
  });

  it('calls npm scripts that there are', () => {
    const called = tasks.flatMap(({ type, command = '', script }) =>
      type === 'npm' ? [script ?? ''] : [...command.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    assert.ok(called.length >= tasks.length);
    for (const name of called) assert.ok(name in scripts, name);
  });
});

describe('the task that watches', function () {
  this.timeout(120_000);
  const task = tasks.find(({ isBackground }) => isBackground === true)!;
  const { pattern, background } = task.problemMatcher as Matcher;
  let folder: string;

  beforeEach(() => {
    // A clone with one bundle: the real build script with what it copies, and an extension of one line.
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-watch-'));
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    fs.cpSync(path.join(root, 'esbuild.mjs'), path.join(folder, 'esbuild.mjs'));
    for (const part of ['scripts', path.join('src', 'setup', 'engine', 'native')]) {
      fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('says when a build begins and ends, and what is wrong in the form that the matcher reads', async () => {
    const source = path.join(folder, 'src', 'extension.ts');
    fs.writeFileSync(source, 'export const activate = (): void => undefined;\n');
    const child = spawn(process.execPath, ['esbuild.mjs', '--watch'], { cwd: folder });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        output += bytes.toString();
      });
    }
    const begun = new RegExp(background.beginsPattern, 'm');
    const over = new RegExp(background.endsPattern, 'm');
    /** What was printed from the beginning of a build to its end. */
    const build = async (): Promise<string> => {
      const text = await eventually(() => (over.test(output) ? output : undefined), `the end of a build: ${output}`);
      output = '';
      assert.match(text, begun);
      return text;
    };
    try {
      assert.equal((await build()).split('build started').length, 2, 'one beginning for one end');
      assert.ok(fs.existsSync(path.join(folder, 'dist', 'extension.js')));
      fs.writeFileSync(source, "import './missing';\n");
      const lines = (await build()).split('\n');
      const first = lines.findIndex((line) => new RegExp(pattern[0]!.regexp).test(line));
      assert.notEqual(first, -1, lines.join('\n'));
      pattern.forEach(({ regexp }, index) => {
        assert.match(lines[first + index] ?? '', new RegExp(regexp));
      });
      assert.match(lines[first + 2] ?? '', /src\/extension\.ts:1:7:/);
      fs.writeFileSync(source, 'export const activate = (): void => undefined;\n');
      assert.doesNotMatch(await build(), /ERROR/);
    } finally {
      child.kill();
      await ended;
    }
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { findDesktop } from '../../../src/cli/start/desktop';
import { isFree, portFor } from '../../../src/cli/start/port';
import { Folder, Program, root } from './program';

describe('npm start', () => {
  let folder: Folder;
  let program: Program | undefined;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(async () => {
    program?.child.kill('SIGTERM');
    await program?.ended;
    program = undefined;
    folder.dispose();
  });

  it('serves the browser edition with the lab in it, and takes it away at Ctrl+C', async () => {
    program = new Program(['start', '--browser', '--folder', folder.at('lab')]);
    await program.saying(/http:\/\/127\.0\.0\.1:\d+\S+/);
    const address = new URL(/http:\S+/.exec(program.stdout)?.[0] ?? '');
    assert.equal(address.searchParams.get('folder'), folder.at('lab'));
    // Installed, not in development: there no message would pop up.
    assert.equal(address.searchParams.get('payload'), null);
    const extensions = path.join(defaultCache(), 'vscode', 'extensions');
    assert.equal(fs.realpathSync(path.join(extensions, 'deep-learning-lab.deep-learning-lab')), root);
    assert.ok(fs.existsSync(folder.at('lab', '.lab')), 'the folder is made a lab folder');
    const opened = await fetch(address, { redirect: 'manual' });
    assert.equal(opened.status, 303);
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await fetch(new URL(opened.headers.get('location') ?? '', address), { headers: { cookie } });
    assert.equal(page.status, 200);
    const text = await page.text();
    assert.match(text, /workbench/);
    assert.match(text, /enableWorkspaceTrust&quot;:false/, 'the lab made this folder');
    const other = await fetch(new URL('/?folder=/usr', address), { headers: { cookie } });
    assert.match(await other.text(), /enableWorkspaceTrust&quot;:true/, 'VS Code asks in any other');
    program.child.kill('SIGINT');
    assert.equal(await program.ended, 130);
    assert.equal(await isFree(Number(address.port)), true);
  });

  it('opens desktop VS Code where "code" is on the PATH, and tells it the lesson', async () => {
    const said = folder.at('said');
    const code = `#!/bin/sh\nprintf '%s\\n' "$@" "$DEEP_LEARNING_LAB_RUN" > '${said}'\n`;
    folder.write('bin/code', code, 0o755);
    const env = { PATH: `${folder.at('bin')}:${process.env['PATH'] ?? ''}`, VSCODE_IPC_HOOK_CLI: undefined };
    program = new Program(['start', '--lesson', 'neural-network', '--folder', folder.at('lab')], env);
    assert.equal(await program.ended, 0, program.stderr);
    assert.deepEqual(fs.readFileSync(said, 'utf8').trim().split('\n'), [
      '--new-window',
      '--wait',
      `--extensionDevelopmentPath=${root}`,
      folder.at('lab'),
      'neural-network',
    ]);
  });

  it('says so when desktop VS Code does not start', async () => {
    folder.write('bin/code', '#!/bin/sh\nexit 3\n', 0o755);
    const env = { PATH: `${folder.at('bin')}:${process.env['PATH'] ?? ''}`, VSCODE_IPC_HOOK_CLI: undefined };
    program = new Program(['start', '--folder', folder.at('lab')], env);
    assert.equal(await program.ended, 1);
    assert.match(program.stderr, /did not start[\s\S]*--browser/);
  });

  it('knows its lessons before it sets anything up', async () => {
    program = new Program(['start', '--lesson', 'no-such-lesson'], { DEEP_LEARNING_LAB_CACHE: folder.at('cache') });
    assert.equal(await program.ended, 1);
    assert.match(program.stderr, /no-such-lesson[\s\S]*neural-network/);
    assert.equal(fs.existsSync(folder.at('cache', 'engine')), false);
  });

  it('says that its folder cannot be made before it sets anything up', async () => {
    const file = folder.write('file', '');
    program = new Program(['start', '--folder', path.join(file, 'lab')], {
      DEEP_LEARNING_LAB_CACHE: folder.at('cache'),
    });
    assert.equal(await program.ended, 1);
    assert.match(program.stderr, /file\/lab cannot be written\.\n.*--folder/);
    assert.equal(fs.existsSync(folder.at('cache', 'engine')), false);
  });

  it('does not take the "code" of a terminal inside VS Code for desktop VS Code', () => {
    const code = folder.write('bin/code', '#!/bin/sh\n', 0o755);
    assert.equal(findDesktop({ PATH: path.dirname(code) }), code);
    assert.equal(findDesktop({ PATH: path.dirname(code), VSCODE_IPC_HOOK_CLI: '/tmp/x.sock' }), undefined);
  });

  it('refuses a port that is none', async () => {
    await assert.rejects(portFor('70000'), /70000/);
    await assert.rejects(portFor('x'), /"x" is not a port/);
  });
});

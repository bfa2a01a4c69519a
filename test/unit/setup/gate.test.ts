/** Who gets into the browser edition of VS Code: attacks on a real one, by a real second user where it matters. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { serveVscode, type VscodeServer } from '../../../src/setup/vscode';
import { Folder, ownPaths } from './folder';

/** The user "nobody" of every Linux. */
const NOBODY = 65534;

describe('VS Code behind its gate', () => {
  let folder: Folder;
  let server: VscodeServer;
  let cookie: string;
  const own = (): string => folder.at('lab');

  before(async function () {
    this.timeout(120_000);
    folder = new Folder();
    fs.mkdirSync(own());
    fs.mkdirSync(folder.at('other'));
    const places = { userDataDir: folder.at('user'), extensionsDir: folder.at('extensions') };
    server = await serveVscode({ paths: ownPaths, ...places, folder: own(), trust: 'folder' });
    const { headers } = await get(new URL(server.url));
    cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  });
  after(async () => {
    await server.stop();
    folder.dispose();
  });

  interface Answer {
    readonly status: number;
    readonly headers: http.IncomingHttpHeaders;
    readonly text: string;
  }

  /** With exactly these headers, which `fetch` does not allow. */
  async function get(url: URL, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
    const { port } = new URL(server.url);
    const options = { host: '127.0.0.1', port, path: `${url.pathname}${url.search}`, method };
    const request = http.request({ ...options, headers: { host: `127.0.0.1:${port}`, ...headers } });
    request.end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  }
  const page = (target = '/'): URL => new URL(target, `http://127.0.0.1:${server.port}`);

  /** The first line of the answer to a request for a web socket. */
  async function upgrade(headers: Readonly<Record<string, string>>): Promise<string> {
    const socket = net.connect(server.port, '127.0.0.1');
    const all = {
      Host: `127.0.0.1:${server.port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'MTIzNDU2Nzg5MDEyMzQ1Ng==',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    socket.write(
      `GET /stable/?reconnectionToken=x&skipWebSocketFrames=false HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`,
    );
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return first.toString().split('\r\n')[0] ?? '';
  }

  it('opens with the key of its address, which then is in a cookie that no script can read, and no more in the address', async () => {
    const { status, headers, text } = await get(new URL(server.url));
    assert.equal(status, 303);
    assert.match(headers['set-cookie']?.[0] ?? '', /; HttpOnly; SameSite=Lax$/);
    assert.doesNotMatch(headers.location ?? '', /key=/);
    assert.equal(text, '');
    const inside = await get(page(headers.location), { cookie });
    assert.equal(inside.status, 200);
    assert.match(inside.text, /vscode-workbench-web-configuration/);
    const { length } = new URL(server.url).searchParams.get('key') ?? '';
    assert.ok(length >= 32, 'not to be guessed');
  });

  it('shows nothing to who has no key, another one, or that of another gate', async () => {
    const name = cookie.split('=')[0] ?? '';
    for (const [target, headers] of [
      ['/', {}],
      ['/?key=', {}],
      ['/?key=x', {}],
      ['/', { cookie: `${name}=x` }],
      ['/', { cookie: cookie.replace(name, 'deep-learning-lab-1') }],
      ['/healthz', {}],
      ['/_static/out/browser/media/favicon.ico', {}],
      ['/vscode-remote-resource?path=/etc/passwd', {}],
    ] as const) {
      const { status, text } = await get(page(target), headers);
      assert.equal(status, 401, target);
      assert.doesNotMatch(text, /workbench|root:/, target);
    }
    for (const method of ['POST', 'PUT', 'OPTIONS']) assert.equal((await get(page('/'), {}, method)).status, 401);
    assert.match(await upgrade({}), /403/);
  });

  it('is not there for a page whose name leads here, nor for one of another origin, be it with the cookie', async () => {
    const host = `evil.example:${server.port}`;
    for (const headers of [
      { host },
      { host, origin: `http://${host}` },
      { host: `127.0.0.1.evil.example:${server.port}` },
      { host: `127.0.0.1:${server.port + 1}` },
      { origin: 'http://evil.example' },
      // Another port of this machine is the same site, to a browser: it sends the cookie along.
      { origin: `http://127.0.0.1:${server.port + 1}` },
      { origin: 'null' },
      // Embedded, to be clicked unseen.
      { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' },
    ]) {
      assert.equal((await get(page('/'), { cookie, ...headers })).status, 403, JSON.stringify(headers));
      assert.equal((await get(new URL(server.url), headers)).status, 403, JSON.stringify(headers));
      const capital = Object.fromEntries(
        Object.entries(headers).map(([k, v]) => [k[0]!.toUpperCase() + k.slice(1), v]),
      );
      assert.match(await upgrade({ Cookie: cookie, ...capital }), /403/, JSON.stringify(headers));
    }
    const origin = `http://127.0.0.1:${server.port}`;
    assert.match(await upgrade({ Cookie: cookie, Origin: origin }), /101/, 'its own page gets through');
  });

  it('leads to no other port of this machine, and tells the key to nobody behind it', async () => {
    const seen: string[] = [];
    const other = http.createServer((request, response) => {
      seen.push(request.headers.cookie ?? '');
      response.end('mine');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as net.AddressInfo;
      for (const target of [`/proxy/${port}/`, `/absproxy/${port}/`]) {
        const { status, text } = await get(page(target), { cookie });
        assert.notEqual(status, 200);
        assert.notEqual(text, 'mine');
      }
      assert.deepEqual(seen, []);
    } finally {
      other.close();
    }
  });

  it('trusts the window of its own folder alone', async () => {
    const trust = async (query: string): Promise<string | undefined> =>
      /enableWorkspaceTrust&quot;:(true|false)/.exec((await get(page(`/?${query}`), { cookie })).text)?.[1];
    assert.equal(await trust(`folder=${own()}`), 'false');
    for (const query of [
      `folder=${folder.at('other')}`,
      `folder=${own()}/../other`,
      `folder=${own()}&folder=${folder.at('other')}`,
      `folder=${folder.at('other')}&folder=${own()}`,
      `folder=${own()}&workspace=${folder.at('other')}`,
      'ew=true',
    ]) {
      assert.equal(await trust(query), 'true', query);
    }
  });

  it('has no way in beside the gate for another user of the machine', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const sockets = fs
      .readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .map((line) => line.split(/\s+/)[7] ?? '')
      .filter((file) => file.endsWith('/vscode.sock') || file.endsWith('/session.sock'));
    assert.ok(sockets.some((file) => fs.existsSync(file)));
    // As another user: the port without the key, each socket, and what the processes' arguments tell.
    const script = `
      const [port, key, ...sockets] = process.argv.slice(1);
      const fs = require('node:fs'), net = require('node:net');
      (async () => {
        const tried = { uid: process.getuid(), page: (await fetch('http://127.0.0.1:' + port)).status, sockets: [], told: [] };
        for (const path of sockets)
          tried.sockets.push(await new Promise((resolve) => {
            net.connect(path).on('connect', () => resolve('connected')).on('error', ({ code }) => resolve(code));
          }));
        for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && name !== String(process.pid)))
          for (const file of ['cmdline', 'environ'])
            try { if (fs.readFileSync('/proc/' + pid + '/' + file, 'utf8').includes(key)) tried.told.push(pid + file); } catch {}
        console.log(JSON.stringify(tried));
      })();`;
    const key = new URL(server.url).searchParams.get('key') ?? '';
    const args = ['-e', script, String(server.port), key, ...sockets];
    const { stdout } = await promisify(execFile)(process.execPath, args, { uid: NOBODY, gid: NOBODY, cwd: '/' });
    const tried = JSON.parse(stdout) as {
      readonly uid: number;
      readonly page: number;
      readonly sockets: readonly string[];
      readonly told: readonly string[];
    };
    assert.equal(tried.uid, NOBODY);
    assert.equal(tried.page, 401);
    for (const result of tried.sockets) assert.match(result, /EACCES|ENOENT|ECONNREFUSED/);
    assert.ok(tried.sockets.includes('EACCES'));
    assert.deepEqual(tried.told, []);
    for (const file of sockets.filter((one) => fs.existsSync(one))) {
      assert.equal(fs.statSync(path.dirname(file)).mode & 0o077, 0);
    }
    assert.equal(fs.statSync(folder.at('user')).mode & 0o077, 0, 'the logs');
  });
});

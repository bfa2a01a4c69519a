/**
 * The one way to VS Code's server, which runs terminals and hence is its user's whole account. The server listens on a
 * socket in a folder that only this user can enter; the gate listens on 127.0.0.1 and lets through who has the key:
 *
 * - not other users of the machine, who reach the port but do not know the key. It is in the address that is told to the
 *   user, and from the first visit on in a cookie that no script can read.
 * - not pages of the web: one whose name was made to lead here sends another Host, any other one sends its Origin.
 */
import * as l10n from '@vscode/l10n';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';

const HOST = '127.0.0.1';
const KEY = 'key';

export interface GateOptions {
  /** Of the server behind. */
  readonly socket: string;
  /** 0: a free one. */
  readonly port: number;
  /** A folder whose window is not asked whether it is trusted; in all others VS Code asks. */
  readonly trusted?: string;
}

export class Gate {
  /** Of this gate alone: a key of an earlier one opens nothing. */
  private readonly key = randomBytes(24).toString('base64url');
  private readonly server = http.createServer((request, response) => {
    this.answer(request, response);
  });
  private readonly tunnels = new Set<Duplex>();

  private constructor(private readonly options: GateOptions) {
    this.server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
      this.upgrade(request, socket, head);
    });
  }

  /** @throws the error of the network, e.g. EADDRINUSE */
  static async open(options: GateOptions): Promise<Gate> {
    const gate = new Gate(options);
    await new Promise<void>((resolve, reject) => {
      gate.server.once('error', reject);
      gate.server.listen(options.port, HOST, resolve);
    });
    return gate;
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** Puts the key into an address of this gate. */
  withKey(address: string): string {
    const url = new URL(address);
    url.searchParams.set(KEY, this.key);
    return url.href;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    for (const socket of this.tunnels) socket.destroy();
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = this.addressOf(request);
    if (url === undefined) {
      refuse(response, 403);
      return;
    }
    const given = url.searchParams.get(KEY);
    if (request.method === 'GET' && given !== null && same(given, this.key)) {
      url.searchParams.delete(KEY);
      // Lax: whoever follows a link to here, from a terminal in a page for instance, gets in all the same.
      response.setHeader('Set-Cookie', `${this.cookie}=${this.key}; Path=/; HttpOnly; SameSite=Lax`);
      response.writeHead(303, { Location: `${url.pathname}${url.search}` }).end();
      return;
    }
    if (!this.hasCookie(request)) {
      refuse(response, 401);
      return;
    }
    this.pass(request, response, url);
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse, url: URL): void {
    const trusting = request.method === 'GET' && url.pathname === '/' && this.isTrusted(url);
    const headers = this.headersFor(request);
    // What is to be changed has to be readable.
    if (trusting) headers['accept-encoding'] = 'identity';
    const { method, url: path } = request;
    const inner = http.request({ socketPath: this.options.socket, method, path, headers }, (answer) => {
      if (trusting) void trustingPage(answer, response);
      else {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      }
    });
    inner.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    response.on('close', () => inner.destroy());
    request.pipe(inner);
  }

  private upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.addressOf(request) === undefined || !this.hasCookie(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const inner = net.connect(this.options.socket, () => {
      const { method, url, httpVersion } = request;
      const lines = Object.entries(this.headersFor(request)).map(([name, value]) => `${name}: ${String(value)}`);
      inner.write(`${method ?? 'GET'} ${url ?? '/'} HTTP/${httpVersion}\r\n${lines.join('\r\n')}\r\n\r\n`);
      inner.write(head);
      inner.pipe(socket).pipe(inner);
    });
    for (const [end, other] of [
      [inner, socket],
      [socket, inner],
    ] as const) {
      this.tunnels.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        this.tunnels.delete(end);
        other.destroy();
      });
    }
  }

  /** What is asked for; undefined where it was not meant for this gate, or comes from a page of another origin. */
  private addressOf({ headers, url }: http.IncomingMessage): URL | undefined {
    const own = [HOST, 'localhost'].map((name) => `${name}:${this.port}`);
    const { host = '', origin } = headers;
    if (!own.includes(host) || (origin !== undefined && origin !== `http://${host}`)) return undefined;
    // As a browser tells it: a page from elsewhere may lead here, but neither embed nor ask anything.
    const { 'sec-fetch-site': site, 'sec-fetch-dest': what } = headers;
    if ((site === 'cross-site' || site === 'same-site') && what !== 'document') return undefined;
    return URL.canParse(url ?? '', `http://${host}`) ? new URL(url ?? '', `http://${host}`) : undefined;
  }

  /** Cookies know no ports: two gates need two names. */
  private get cookie(): string {
    return `deep-learning-lab-${this.port}`;
  }

  private hasCookie({ headers }: http.IncomingMessage): boolean {
    return cookiesOf(headers).some(([name, value]) => name === this.cookie && same(value, this.key));
  }

  /** The key is nobody's business behind the gate. */
  private headersFor({ headers }: http.IncomingMessage): http.OutgoingHttpHeaders {
    const others = cookiesOf(headers).filter(([name]) => name !== this.cookie);
    const passed: http.OutgoingHttpHeaders = { ...headers };
    if (others.length === 0) delete passed.cookie;
    else passed.cookie = others.map((pair) => pair.join('=')).join('; ');
    return passed;
  }

  private isTrusted(url: URL): boolean {
    const { trusted } = this.options;
    const [folder, ...more] = url.searchParams.getAll('folder');
    return trusted !== undefined && folder === trusted && more.length === 0 && !url.searchParams.has('workspace');
  }
}

/** VS Code's page says whether its window asks for trust; this one's folder is the lab's own. */
async function trustingPage(answer: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
  } catch {
    response.destroy(); // the server has ended
    return;
  }
  const page = Buffer.concat(chunks).toString();
  for (const [name, value] of Object.entries(answer.headers)) {
    // They speak of the page as it was.
    if (value !== undefined && !['content-length', 'transfer-encoding', 'etag'].includes(name))
      response.setHeader(name, value);
  }
  response.statusCode = answer.statusCode ?? 502;
  response.end(page.replace('&quot;enableWorkspaceTrust&quot;:true', '&quot;enableWorkspaceTrust&quot;:false'));
}

function refuse(response: http.ServerResponse, status: 401 | 403): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(
    `${l10n.t('Open the address that "npm start" has printed: it holds a key, which is new at each start.')}\n`,
  );
}

function cookiesOf({ cookie = '' }: http.IncomingHttpHeaders): (readonly [string, string])[] {
  return cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, value.join('=')] as const;
    });
}

/** In a time that says nothing of where they differ. */
function same(given: string, key: string): boolean {
  const [a, b] = [given, key].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

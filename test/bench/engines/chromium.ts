/** Chromium with the page that trains there, isolated from other origins, so that its WebAssembly may have threads. */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { launchBrowser } from '../../support/browser';

const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const WASM = path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist');
const SCRIPT = path.resolve('dist/test/benchPage.js');

export interface ChromiumPage {
  /** Mean milliseconds a step over one round. */
  time(model: string, backend: 'webgl' | 'wasm'): Promise<number>;
  dispose(): Promise<void>;
}

export async function openChromium(): Promise<ChromiumPage> {
  const server = http.createServer(({ url = '/' }, response) => {
    const file =
      url === '/page.js' ? SCRIPT : url.startsWith('/wasm/') ? path.join(WASM, path.basename(url)) : undefined;
    const type = file === undefined ? 'text/html' : file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    response.writeHead(200, { ...ISOLATED, 'Content-Type': type });
    if (file === undefined) response.end('<!doctype html><title>tfjs</title><script src="/page.js"></script>');
    else fs.createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
  return {
    time: (model, backend) => page.evaluate(`time(${JSON.stringify(model)}, ${JSON.stringify(backend)})`),
    dispose: async () => {
      await browser.close();
      server.close();
    },
  };
}

// Writes dist/wasm: what the WebAssembly engine is loaded from. A package of npm's is not there in an installed extension.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const source = path.join(root, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'wasm-out');
const threaded = 'tfjs-backend-wasm-threaded-simd';

export function copyWasm(dist) {
  const target = path.join(dist, 'wasm');
  fs.mkdirSync(target, { recursive: true });
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', `${threaded}.wasm`, `${threaded}.js`])
    fs.copyFileSync(path.join(source, name), path.join(target, name));
  // The package has the workers' script as a string in a module, with its line breaks inside strings not escaped.
  const { wasmWorkerContents } = createRequire(import.meta.url)(path.join(source, `${threaded}.worker.js`));
  fs.writeFileSync(path.join(target, `${threaded}.worker.js`), wasmWorkerContents.replaceAll('\n', '\\n'));
}

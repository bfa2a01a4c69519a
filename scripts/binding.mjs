// Writes dist/binding: the source of tfjs-node's binding and Node's headers, which the engine is compiled from.
// Both come from packages that an installed extension does not have.
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');

export function copyBinding() {
  const target = path.join(root, 'dist', 'binding');
  fs.cpSync(path.join(modules, '@tensorflow', 'tfjs-node', 'binding'), target, { recursive: true });
  for (const name of ['include', 'LICENSE']) {
    fs.cpSync(path.join(modules, 'node-api-headers', name), path.join(target, name), { recursive: true });
  }
}

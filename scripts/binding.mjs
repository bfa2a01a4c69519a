// Writes dist/binding: the source of tfjs-node's binding, what we add to it, and Node's headers: what the engine is
// compiled from. An installed extension has none of it.
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');

export function copyBinding(dist) {
  const target = path.join(dist, 'binding');
  fs.cpSync(path.join(modules, '@tensorflow', 'tfjs-node', 'binding'), target, { recursive: true });
  fs.cpSync(path.join(root, 'src', 'setup', 'engine', 'native'), target, { recursive: true });
  for (const name of ['include', 'LICENSE']) {
    fs.cpSync(path.join(modules, 'node-api-headers', name), path.join(target, name), { recursive: true });
  }
}

import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../manifest/root';

/** Every Markdown file of the packages that are installed here: real text by a thousand authors. */
export function* markdownFiles(): Generator<{ readonly file: string; readonly bytes: Buffer; readonly text: string }> {
  const root = path.join(repositoryRoot(), 'node_modules');
  for (const name of fs.readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(root, name);
    if (!/\.(?:md|markdown)$/i.test(name) || !fs.statSync(file).isFile()) continue;
    const bytes = fs.readFileSync(file);
    yield { file, bytes, text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  }
}

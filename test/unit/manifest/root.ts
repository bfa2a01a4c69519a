import fs from 'node:fs';
import path from 'node:path';

/** The repository's folder: the tests run as a bundle that may lie at any depth in it. */
export function repositoryRoot(from = __dirname): string {
  const manifest = path.join(from, 'package.json');
  if (fs.existsSync(manifest)) {
    const { name } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { name?: string };
    if (name === 'deep-learning-lab') return from;
  }
  const above = path.dirname(from);
  if (above === from) throw new Error(`No package.json of deep-learning-lab above ${__dirname}`);
  return repositoryRoot(above);
}

import fs from 'node:fs';
import path from 'node:path';

interface Listed {
  readonly identifier: { readonly id: string };
}

/**
 * Makes an extension's folder one of those that VS Code's server finds installed, by a link: what is built there runs at
 * the next start. Said again it names another folder or version.
 */
export function linkExtension(extensionsDir: string, extension: string): void {
  const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8')) as Record<string, string>;
  const id = `${manifest['publisher'] ?? ''}.${manifest['name'] ?? ''}`;
  const link = path.join(extensionsDir, id);
  fs.mkdirSync(extensionsDir, { recursive: true });
  fs.rmSync(link, { force: true });
  fs.symlinkSync(extension, link, 'junction');
  const file = path.join(extensionsDir, 'extensions.json');
  const own = {
    identifier: { id },
    version: manifest['version'] ?? '',
    location: { $mid: 1, path: link, scheme: 'file' },
    relativeLocation: id,
  };
  const others = listedIn(file).filter(({ identifier }) => identifier.id !== id);
  fs.writeFileSync(file, JSON.stringify([...others, own]));
}

/** VS Code looks for no other extensions than these. What it cannot read itself is begun anew. */
function listedIn(file: string): readonly Listed[] {
  if (!fs.existsSync(file)) return [];
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return Array.isArray(value) ? (value as Listed[]) : [];
  } catch {
    return [];
  }
}

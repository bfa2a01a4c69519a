import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../src/protocol/errors';
import { findBrowser, requireBrowser } from '../../../src/setup/browser';
import { CODE_SERVERS, installVscode, serveVscode, workbenchUrl } from '../../../src/setup/vscode';
import { linkExtension } from '../../../src/setup/vscode/link';
import { Folder } from './folder';

describe('the browser edition of VS Code', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });

  it('has an address that names folder, extension and tests', () => {
    const url = new URL(
      workbenchUrl(8123, { folder: '/a b', extensionDevelopmentPath: '/ext', extensionTestsPath: '/ext/t.js' }),
    );
    assert.equal(url.origin, 'http://127.0.0.1:8123');
    assert.equal(url.searchParams.get('folder'), '/a b');
    assert.deepEqual(JSON.parse(url.searchParams.get('payload') ?? ''), [
      ['extensionDevelopmentPath', 'vscode-remote://127.0.0.1:8123/ext'],
      ['extensionTestsPath', 'vscode-remote://127.0.0.1:8123/ext/t.js'],
    ]);
    assert.equal(new URL(workbenchUrl(1, {})).searchParams.get('ew'), 'true');
  });

  it('can be had as old as the manifest allows', () => {
    const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { engines: { vscode: string } };
    const { oldest, newest } = CODE_SERVERS;
    const minor = (version: string): string | undefined => version.split('.')[1];
    assert.equal(minor(oldest.version), minor(manifest.engines.vscode));
    assert.notEqual(minor(newest.version), minor(oldest.version));
  });

  it('names each program that its installation misses', async () => {
    const context = folder.context(folder.bin('g++', 'make', 'python3'));
    await assert.rejects(installVscode(context), (error) => {
      assert.ok(error instanceof LabError);
      assert.equal(error.code, 'SETUP_PROGRAM_MISSING');
      assert.match(error.message, /pkg-config/);
      assert.match(error.data.remedy ?? '', /apt-get install pkg-config/);
      return true;
    });
  });

  it('finds an extension that is linked, beside those that are installed, and after another version of it', () => {
    const extension = folder.at('clone');
    const extensions = folder.at('extensions');
    fs.mkdirSync(extension);
    fs.mkdirSync(extensions);
    const list = path.join(extensions, 'extensions.json');
    fs.writeFileSync(list, JSON.stringify([{ identifier: { id: 'other.one' }, relativeLocation: 'other.one-1.0.0' }]));
    for (const version of ['1.0.0', '1.1.0']) {
      fs.writeFileSync(path.join(extension, 'package.json'), JSON.stringify({ publisher: 'lab', name: 'it', version }));
      linkExtension(extensions, extension);
    }
    assert.equal(fs.realpathSync(path.join(extensions, 'lab.it')), fs.realpathSync(extension));
    const listed = JSON.parse(fs.readFileSync(list, 'utf8')) as { identifier: { id: string }; version?: string }[];
    assert.deepEqual(
      listed.map(({ identifier, version }) => [identifier.id, version]),
      [
        ['other.one', undefined],
        ['lab.it', '1.1.0'],
      ],
    );
  });

  it('is not served from a cache that does not hold it', async () => {
    const options = { paths: folder.context('').paths, userDataDir: folder.at('u'), extensionsDir: folder.at('e') };
    await assert.rejects(
      serveVscode(options),
      (error) => error instanceof LabError && error.data.remedy?.includes('npm run setup') === true,
    );
  });
});

describe('the browser', () => {
  it('is the one that CHROME_PATH names, and a missing one is named', async () => {
    const folder = new Folder();
    try {
      const own = folder.write('my-browser', '#!/bin/sh\n', 0o755);
      assert.equal(findBrowser({ PATH: '', CHROME_PATH: own }), own);
      if (findBrowser({ PATH: '' }) !== undefined) return; // one lies at a fixed place
      const context = folder.context(folder.bin());
      await assert.rejects(
        requireBrowser(context),
        (error) => error instanceof LabError && error.data.remedy?.includes('CHROME_PATH') === true,
      );
    } finally {
      folder.dispose();
    }
  });
});

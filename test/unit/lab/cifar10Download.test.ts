import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Archive } from '../../../src/lab/datasets/cifar10Archive';
import { loadCifar10 } from '../../../src/lab/datasets/cifar10Load';
import { RECORD, TEST_FILES, TRAIN_FILES } from '../../../src/lab/datasets/cifar10Files';
import { download } from '../../../src/lab/datasets/download';
import { unpack } from '../../../src/lab/datasets/tar';
import { DataFolder, refused } from './dataFolder';

const ENTRY = 'cifar-10-batches-bin';
/** Images in each file of the test's small archive. */
const EACH = 40;

/** An archive of the publisher's layout, made by the real tar. */
function makeArchive(folder: DataFolder, change?: (source: string) => void): Buffer {
  const source = path.join(folder.path, 'source');
  [...TRAIN_FILES, ...TEST_FILES].forEach((name, number) => {
    const bytes = Buffer.alloc(EACH * RECORD, number);
    for (let i = 0; i < EACH; i++) bytes[i * RECORD] = i % 10;
    folder.write(path.join('source', ENTRY, name), bytes);
  });
  folder.write(path.join('source', ENTRY, 'readme.html'), Buffer.from('<p>read me</p>'));
  change?.(source);
  execFileSync('tar', ['-czf', path.join(folder.path, 'archive.tar.gz'), '-C', source, ...fs.readdirSync(source)]);
  return fs.readFileSync(path.join(folder.path, 'archive.tar.gz'));
}

/** Where what has come of a broken download stays. */
const PART = `${ENTRY}.tar.gz.part`;

describe('lab/datasets: CIFAR-10 from its site', () => {
  let folder: DataFolder;
  let server: http.Server;
  let answer: (response: http.ServerResponse, request: http.IncomingMessage) => void;
  let archive: Archive;
  let bytes: Buffer;
  const wanted = { train: 3, test: 2 };

  beforeEach(async () => {
    folder = new DataFolder();
    bytes = makeArchive(folder);
    server = http.createServer((request, response) => {
      answer(response, request);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    archive = {
      url: `http://127.0.0.1:${port}/cifar-10-binary.tar.gz`,
      md5: createHash('md5').update(bytes).digest('hex'),
      fileBytes: EACH * RECORD,
    };
    answer = (response) => {
      response.setHeader('content-length', bytes.length);
      response.end(bytes);
    };
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    folder.remove();
  });

  const kept = (): string => path.join(folder.path, 'cache', 'data');
  const load = async (): ReturnType<typeof loadCifar10> => loadCifar10(wanted, folder.context([]), archive);
  const loadUntilSomethingCame = async (): ReturnType<typeof loadCifar10> => {
    const progress = (): void => {
      folder.abort.abort();
    };
    return loadCifar10(wanted, { ...folder.context([]), progress }, archive);
  };
  const nothingLeft = (): void => {
    const left = fs.existsSync(kept()) ? fs.readdirSync(kept()) : [];
    assert.deepEqual(left, [], 'nothing half-done stays');
  };

  it('downloads with progress, checks, unpacks, keeps the files, and does not ask again', async () => {
    const { train, test } = await load();
    assert.deepEqual([...train.y, ...test.y], [0, 1, 2, 0, 1]);
    assert.equal(test.x[0], 5, 'the test images come from the sixth file');
    assert.deepEqual(fs.readdirSync(kept()), [ENTRY]);
    assert.deepEqual(fs.readdirSync(path.join(kept(), ENTRY)).sort(), [...TRAIN_FILES, ...TEST_FILES].sort());
    const fractions = folder.progress.flatMap(({ fraction }) => fraction ?? []);
    assert.ok(fractions.length > 0 && fractions.every((fraction) => fraction > 0 && fraction <= 1));
    answer = (response) => {
      response.statusCode = 500;
      response.end();
    };
    assert.deepEqual(await load(), { train, test });
  });

  it('refuses another hash, and leaves nothing behind', async () => {
    const error = await refused(
      loadCifar10(wanted, folder.context([]), { ...archive, md5: '0'.repeat(32) }),
      'DATA_DOWNLOAD',
    );
    assert.ok(error.message.includes(archive.md5) && error.message.includes('0'.repeat(32)));
    assert.match(error.remedy ?? '', /deepLearningLab\.data\.directory/);
    nothingLeft();
  });

  it('reports a cut connection', async () => {
    answer = (response) => {
      response.setHeader('content-length', bytes.length);
      response.write(bytes.subarray(0, 1000), () => response.destroy());
    };
    await refused(load(), 'DATA_DOWNLOAD');
    assert.deepEqual(fs.readdirSync(kept()), [PART], 'what came is kept for the next time');
  });

  it('reports a status, a server that is not there, and one that falls silent', async () => {
    answer = (response) => {
      response.statusCode = 404;
      response.end();
    };
    assert.match((await refused(load(), 'DATA_DOWNLOAD')).message, /404/);
    const nobody = { ...archive, url: 'http://127.0.0.1:9/x.tar.gz' };
    const mistyped = path.join(folder.path, 'mistyped');
    const { expected, found } = await refused(loadCifar10(wanted, folder.context([mistyped]), nobody), 'DATA_DOWNLOAD');
    assert.equal(expected, ENTRY);
    assert.ok(found?.includes(mistyped), found);
    answer = (response) => {
      response.write(bytes.subarray(0, 10));
    };
    const silent = download(
      {
        ...archive,
        file: path.join(folder.path, 'silent'),
        mostBytes: 1000,
        signal: folder.abort.signal,
        progress: () => undefined,
      },
      0.1,
    );
    assert.match((await refused(silent, 'DATA_DOWNLOAD')).message, /nothing came/);
    nothingLeft();
  });

  it('believes no server that sends more than the archive can have, whether it says so or not', async () => {
    const most = 8 * EACH * RECORD + 1e6;
    answer = (response) => {
      response.setHeader('content-length', most * 1000);
      response.write(bytes);
    };
    assert.match((await refused(load(), 'DATA_DOWNLOAD')).message, /sends more than \d+ MB/);
    let sent = 0;
    answer = (response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        sent += chunk.length;
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    };
    assert.match((await refused(load(), 'DATA_DOWNLOAD')).message, /sends more than \d+ MB/);
    assert.ok(sent < 8 * most, 'it was cut off');
    const left = path.join(kept(), PART);
    assert.equal(fs.existsSync(left) ? fs.statSync(left).size : 0, 0, 'nothing to go on from');
  });

  it('stops when cancelled in the middle', async () => {
    answer = (response) => {
      response.setHeader('content-length', bytes.length);
      response.write(bytes.subarray(0, 1000));
    };
    await refused(loadUntilSomethingCame(), 'CANCELLED');
    assert.deepEqual(fs.readdirSync(kept()), [PART]);
  });

  describe('after a download that was broken off', () => {
    let asked: (string | undefined)[];
    beforeEach(() => (asked = []));

    /** As web servers do: the part that is asked for, or 416 where there is none. */
    const parts: typeof answer = (response, { headers: { range } }) => {
      asked.push(range);
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')![1]);
      if (from >= bytes.length) {
        response.writeHead(416).end();
        return;
      }
      const last = bytes.length - 1;
      response.writeHead(range === undefined ? 200 : 206, {
        'content-length': bytes.length - from,
        ...(range === undefined ? {} : { 'content-range': `bytes ${from}-${last}/${bytes.length}` }),
      });
      response.end(bytes.subarray(from));
    };
    const left = (content: Uint8Array): string => folder.write(path.join('cache', 'data', PART), content);

    it('asks for the rest only, and checks the whole', async () => {
      answer = (response) => {
        response.setHeader('content-length', bytes.length);
        response.write(bytes.subarray(0, 1000));
      };
      await refused(loadUntilSomethingCame(), 'CANCELLED');
      const size = fs.statSync(path.join(kept(), PART)).size;
      answer = parts;
      folder.abort = new AbortController();
      const { train } = await load();
      assert.deepEqual([...train.y], [0, 1, 2]);
      assert.deepEqual(asked, [`bytes=${size}-`]);
      assert.ok(size > 0 && size < bytes.length);
      assert.deepEqual(fs.readdirSync(kept()), [ENTRY], 'nothing of it stays');
    });

    it('begins again where the server sends no parts', async () => {
      left(bytes.subarray(0, 500));
      await load();
      assert.deepEqual(fs.readdirSync(kept()), [ENTRY]);
    });

    for (const { what, content } of [
      { what: 'is damaged', content: () => Buffer.alloc(700, 1) },
      { what: 'is longer than the archive', content: () => Buffer.concat([bytes, Buffer.alloc(1)]) },
    ]) {
      it(`begins again where what was left ${what}`, async () => {
        left(content());
        answer = parts;
        await load();
        assert.deepEqual(asked, [`bytes=${content().length}-`, undefined]);
      });
    }

    it('does not keep what has another hash', async () => {
      left(bytes.subarray(0, 500));
      answer = parts;
      await refused(loadCifar10(wanted, folder.context([]), { ...archive, md5: '0'.repeat(32) }), 'DATA_DOWNLOAD');
      nothingLeft();
    });

    it('goes on also where its trainer was killed, but takes nothing from one that lives', async () => {
      const [dead, alive] = ['dead', 'alive'].map((name) => path.join('cache', 'data', `${ENTRY}.part-${name}`));
      const file = folder.write(path.join(dead!, 'archive.tar.gz'), bytes.subarray(0, 900));
      folder.write(path.join(alive!, 'archive.tar.gz'), bytes.subarray(0, 800));
      const longAgo = new Date(Date.now() - 3600_000);
      for (const old of [file, path.dirname(file)]) fs.utimesSync(old, longAgo, longAgo);
      answer = parts;
      await load();
      assert.deepEqual(asked, ['bytes=900-']);
      assert.deepEqual(fs.readdirSync(kept()).sort(), [ENTRY, path.basename(alive!)]);
    });
  });

  it('goes on with fewer local images, with a warning, where the rest cannot be had', async () => {
    answer = (response) => {
      response.statusCode = 503;
      response.end();
    };
    const local = path.join(folder.path, 'source');
    const { train, test } = await loadCifar10({ train: 100, test: 20 }, folder.context([local]), archive);
    assert.deepEqual([train.length, test.length], [EACH, 20]);
    assert.match(folder.warnings.join(), /40 training.*100/);
  });

  it('refuses an archive without one of the files, with a wrong size, or with a link in its place', async () => {
    const changes: [(source: string) => void, RegExp][] = [
      [
        (source) => {
          fs.rmSync(path.join(source, ENTRY, 'data_batch_3.bin'));
        },
        /data_batch_3/,
      ],
      [
        (source) => {
          fs.truncateSync(path.join(source, ENTRY, 'data_batch_3.bin'), 10);
        },
        /data_batch_3.* 10 bytes/,
      ],
      [
        (source) => {
          fs.rmSync(path.join(source, ENTRY, 'test_batch.bin'));
          fs.symlinkSync('/etc/passwd', path.join(source, ENTRY, 'test_batch.bin'));
        },
        /test_batch/,
      ],
    ];
    for (const [change, message] of changes) {
      bytes = makeArchive(folder, change);
      archive = { ...archive, md5: createHash('md5').update(bytes).digest('hex') };
      assert.match((await refused(load(), 'DATA_CORRUPT')).message, message);
      nothingLeft();
    }
  });

  it('never writes outside, whatever names the archive holds', async () => {
    const outside = path.join(folder.path, 'outside.bin');
    const header = Buffer.alloc(512);
    header.write('../../../outside.bin');
    header.write('0000644\0', 100);
    header.write('00000000005\0', 124);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((a, b) => a + b, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const evil = Buffer.concat([header, Buffer.from('gotya'), Buffer.alloc(507), Buffer.alloc(1024)]);
    const file = folder.write('evil.tar.gz', gzipSync(evil));
    await unpack(file, [], folder.abort.signal);
    const target = path.join(folder.path, 'chosen.bin');
    await unpack(file, [{ entry: '../../../outside.bin', bytes: 5, target }], folder.abort.signal);
    assert.equal(fs.readFileSync(target, 'utf8'), 'gotya');
    assert.ok(!fs.existsSync(outside));
  });

  it('refuses damage: a cut archive, no archive, a header changed', async () => {
    const tar = async (content: Buffer): Promise<unknown> =>
      refused(unpack(folder.write('x.tar.gz', content), [], folder.abort.signal), 'DATA_CORRUPT');
    await tar(bytes.subarray(0, bytes.length / 2));
    await tar(Buffer.from('this is no gzip file'));
    await tar(gzipSync(Buffer.alloc(512, 65)));
    await tar(gzipSync(Buffer.alloc(100, 65)));
  });

  it('refuses a tar that ends early, wherever', async () => {
    const whole = gunzipSync(bytes);
    const wantedFiles = [...TRAIN_FILES, ...TEST_FILES].map((name) => ({
      entry: `${ENTRY}/${name}`,
      bytes: EACH * RECORD,
    }));
    for (const length of [0, 300, 512, 700, 1024, EACH * RECORD, whole.length / 2]) {
      const file = folder.write(`${length}.tar.gz`, gzipSync(whole.subarray(0, length)));
      const files = wantedFiles.map((one, i) => ({ ...one, target: path.join(folder.path, `${length}-${i}`) }));
      await refused(unpack(file, files, folder.abort.signal), 'DATA_CORRUPT');
    }
  });

  for (const format of ['gnu', 'pax']) {
    it(`finds a file whose name is longer than a header of tar has room for (${format})`, async () => {
      const entry = `${'long/'.repeat(50)}file.bin`;
      folder.write(path.join('source', entry), Buffer.from('found'));
      const file = path.join(folder.path, 'long.tar.gz');
      execFileSync('tar', [`--format=${format}`, '-czf', file, '-C', path.join(folder.path, 'source'), 'long']);
      const target = path.join(folder.path, 'target');
      await unpack(file, [{ entry, bytes: 5, target }], folder.abort.signal);
      assert.equal(fs.readFileSync(target, 'utf8'), 'found');
    });
  }
});

import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../protocol/errors';
import { cancelled, downloadFailed } from './errors';

export interface Download {
  readonly url: string;
  /** MD5 of the whole file, hex, as its publisher states it: it finds damage, it does not prove who sent it. */
  readonly md5: string;
  /**
   * Where it is written. What an earlier download left there is continued. After a failure what came so far stays
   * there, unless it is known to be wrong.
   */
  readonly file: string;
  /** A server that sends more, or says that it will, is not believed. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
  /** Bytes so far, and in all where the server says. */
  readonly progress: (received: number, total: number | null) => void;
}

/** A server that says nothing for so long is taken for dead. */
export const STALL_SECONDS = 30;

/** @throws LabError DATA_DOWNLOAD with the reason, or CANCELLED. */
export async function download(request: Download, stallSeconds = STALL_SECONDS): Promise<void> {
  const { url, md5, file } = request;
  const before = (await fs.promises.stat(file).catch(() => undefined))?.size ?? 0;
  let found = await attempt(request, before, stallSeconds);
  // What was left from before may have been damaged, or another file has come to this address since.
  if (found !== md5 && before > 0) found = await attempt(request, 0, stallSeconds);
  if (found === md5) return;
  await fs.promises.rm(file);
  throw downloadFailed(url, l10n.t('the MD5 is {0} instead of {1}', found ?? '', md5));
}

/**
 * Fetches what is missing after the first `have` bytes, or everything where the server sends no parts.
 * @returns the MD5 of the whole file; undefined where there is nothing after those bytes
 */
async function attempt(request: Download, have: number, stallSeconds: number): Promise<string | undefined> {
  const { url, signal } = request;
  const stalled = new AbortController();
  const watch = setInterval(() => {
    stalled.abort(new Error(l10n.t('nothing came for {0} seconds', stallSeconds)));
  }, stallSeconds * 1000);
  try {
    const response = await fetch(url, {
      // Parts of a compressed answer would be parts of something else.
      headers: have === 0 ? {} : { range: `bytes=${have}-`, 'accept-encoding': 'identity' },
      signal: AbortSignal.any([signal, stalled.signal]),
    });
    if (have > 0 && response.status === RANGE_NOT_SATISFIABLE) return undefined;
    if (!response.ok || response.body === null) throw downloadFailed(url, l10n.t('status {0}', response.status));
    const continues = response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
    return await receive(response, request, response.status === PARTIAL_CONTENT && continues ? have : 0, () =>
      watch.refresh(),
    );
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (error instanceof LabError || isFileFault(error)) throw error;
    throw downloadFailed(url, reasonOf(stalled.signal.aborted ? stalled.signal.reason : error), error);
  } finally {
    clearInterval(watch);
  }
}

const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

/** Writes the body after the first `have` bytes of the file and gives the MD5 of all. */
async function receive(response: Response, request: Download, have: number, alive: () => void): Promise<string> {
  const length = response.headers.get('content-length');
  const total = length === null || response.headers.has('content-encoding') ? null : have + Number(length);
  await requireRoom(request, total ?? 0, have);
  const hash = createHash('md5');
  if (have > 0) for await (const chunk of fs.createReadStream(request.file)) hash.update(chunk as Buffer);
  const handle = await fs.promises.open(request.file, have > 0 ? 'a' : 'w');
  let received = have;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      alive();
      if (received + chunk.length > request.mostBytes) {
        await handle.truncate(0); // nothing to go on from
        throw tooLarge(request);
      }
      hash.update(chunk);
      await handle.writeFile(chunk);
      received += chunk.length;
      request.progress(received, total);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

/** @throws LabError DATA_DOWNLOAD before a byte is written that would not fit */
async function requireRoom(request: Download, total: number, have: number): Promise<void> {
  if (total > request.mostBytes) throw tooLarge(request);
  const { bavail, bsize } = await fs.promises.statfs(path.dirname(request.file));
  const room = bavail * bsize;
  if (total - have > room) {
    throw downloadFailed(
      request.url,
      l10n.t('the disk has room for {0} MB, {1} MB are missing', inMB(room), inMB(total - have)),
    );
  }
}

function tooLarge({ url, mostBytes }: Download): LabError {
  return downloadFailed(url, l10n.t('the server sends more than {0} MB', inMB(mostBytes)));
}

const inMB = (bytes: number): number => Math.round(bytes / 1e6);

/** fetch hides why it failed in the error's cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}

/** A full disk or a folder that cannot be written is not the connection's fault. */
function isFileFault(error: unknown): boolean {
  return (
    error instanceof Error && 'syscall' in error && ['open', 'read', 'write', 'close'].includes(String(error.syscall))
  );
}

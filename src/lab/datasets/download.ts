import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { LabError } from '../../protocol/errors';
import { cancelled, downloadFailed } from './errors';

export interface Download {
  readonly url: string;
  /** MD5 of the whole file, hex, as its publisher states it: it finds damage, it does not prove who sent it. */
  readonly md5: string;
  /** Where it is written; nothing may be there yet. The caller removes it, also after a failure. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** Bytes so far, and in all where the server says. */
  readonly progress: (received: number, total: number | null) => void;
}

/** A server that says nothing for so long is taken for dead. */
const STALL_SECONDS = 30;

/** @throws LabError DATA_DOWNLOAD with the reason, or CANCELLED. */
export async function download(request: Download, stallSeconds = STALL_SECONDS): Promise<void> {
  const { url, md5, signal } = request;
  const stalled = new AbortController();
  const watch = setInterval(() => {
    stalled.abort(new Error(l10n.t('nothing came for {0} seconds', stallSeconds)));
  }, stallSeconds * 1000);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, stalled.signal]) });
    if (!response.ok || response.body === null) throw downloadFailed(url, l10n.t('status {0}', response.status));
    const found = await receive(response, request, () => watch.refresh());
    if (found !== md5) throw downloadFailed(url, l10n.t('the MD5 is {0} instead of {1}', found, md5));
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (error instanceof LabError || isFileFault(error)) throw error;
    throw downloadFailed(url, reasonOf(stalled.signal.aborted ? stalled.signal.reason : error), error);
  } finally {
    clearInterval(watch);
  }
}

/** Writes the body and gives its MD5. */
async function receive(response: Response, request: Download, alive: () => void): Promise<string> {
  const length = response.headers.get('content-length');
  const total = length === null || response.headers.has('content-encoding') ? null : Number(length);
  const hash = createHash('md5');
  const handle = await fs.promises.open(request.file, 'wx');
  let received = 0;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      alive();
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

/** fetch hides why it failed in the error's cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}

/** A full disk or a folder that cannot be written is not the connection's fault. */
function isFileFault(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && ['open', 'write', 'close'].includes(String(error.syscall));
}

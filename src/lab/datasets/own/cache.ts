/** Numbers that were computed from data and took long, in the cache's folder `features`: float32, little-endian. */
import * as l10n from '@vscode/l10n';
import type { LoadContext } from '../../dataset';
import { Kept } from './kept';

const LIMIT_BYTES = 512 * 1024 * 1024;

export class NumbersCache {
  private readonly kept: Kept;

  constructor(context: LoadContext, limitBytes = LIMIT_BYTES) {
    this.kept = new Kept(context, {
      folder: 'features',
      ending: '.f32',
      limitBytes,
      unreadable: (file) => l10n.t('The stored numbers in {0} cannot be used; they are computed again.', file),
      unwritable: (reason) => l10n.t('The computed numbers could not be stored: {0}', reason),
    });
  }

  /** The numbers under this key; undefined when there are none that can be used. */
  async read(key: string, length: number): Promise<Float32Array | undefined> {
    const bytes = await this.kept.read(key, (found) => found.byteLength === 4 * length);
    // A copy: float32 values begin at a multiple of four.
    return bytes === undefined ? undefined : new Float32Array(new Uint8Array(bytes).buffer);
  }

  async write(key: string, values: Float32Array): Promise<void> {
    await this.kept.write(key, [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
  }
}

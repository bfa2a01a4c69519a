import type * as vscode from 'vscode';
import { LabError, toErrorData } from '../../protocol/errors';
import type { ModelInspection } from '../../protocol/modelInspection';
import type { Inspector } from '../../client/source/inspector';
import type { App } from '../app/app';
import { trainerKey, trainerOptions } from '../trainers/options';

/** An inspector's process holds TensorFlow in memory; it goes when no model of its folder has been built for so long. */
const KEEP_MS = 120_000;
/** Without an engine nothing can be built; it is not tried at each key press. */
const RETRY_MS = 30_000;
const IDLE_SECONDS = 10;

interface Entry {
  readonly inspector: Inspector;
  timer: NodeJS.Timeout | undefined;
  notBefore: number;
}

/** One inspector for each folder of model files, as long as it is of use. */
export class Inspectors implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  private disposed = false;

  constructor(private readonly app: App) {}

  /** Undefined when no process can be had; the reason is in the log. */
  async inspect(modelFile: string, source: string): Promise<ModelInspection | undefined> {
    const key = trainerKey(this.app, modelFile);
    const entry = await this.entry(key);
    if (entry === undefined || Date.now() < entry.notBefore) return undefined;
    clearTimeout(entry.timer);
    try {
      return await entry.inspector.inspect({ modelFile, source });
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'CANCELLED') {
        this.app.errors.write(toErrorData(error));
        entry.notBefore = Date.now() + RETRY_MS;
      }
      return undefined;
    } finally {
      clearTimeout(entry.timer);
      entry.timer = setTimeout(() => {
        this.release(key);
      }, KEEP_MS);
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const key of [...this.entries.keys()]) this.release(key);
  }

  private async entry(key: string): Promise<Entry | undefined> {
    const { Inspector: Class } = await import('../../client/source/inspector');
    if (this.disposed) return undefined;
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const inspector = new Class(() => ({ ...trainerOptions(this.app, key), idleSeconds: IDLE_SECONDS }));
    const entry: Entry = { inspector, timer: undefined, notBefore: 0 };
    this.entries.set(key, entry);
    return entry;
  }

  private release(key: string): void {
    const entry = this.entries.get(key);
    this.entries.delete(key);
    clearTimeout(entry?.timer);
    entry?.inspector.dispose();
  }
}

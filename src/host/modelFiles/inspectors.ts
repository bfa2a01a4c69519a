import type * as vscode from 'vscode';
import { LabError, toErrorData } from '../../protocol/errors';
import type { ModelInspection } from '../../protocol/modelInspection';
import type { ModelInspector } from '../../client/inspection/modelInspector';
import type { App } from '../app/app';
import { projectOf, trainerOptions } from '../state/options';

/** An inspector's process holds TensorFlow in memory; it goes when no model of its folder has been built for so long. */
const KEEP_MS = 120_000;
/** Without an engine nothing can be built; it is not tried at each key press. */
const RETRY_MS = 30_000;
const IDLE_SECONDS = 10;

interface Entry {
  readonly inspector: ModelInspector;
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
    const project = projectOf(this.app, modelFile);
    const entry = await this.entry(project);
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
        this.release(project);
      }, KEEP_MS);
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const project of [...this.entries.keys()]) this.release(project);
  }

  private async entry(project: string): Promise<Entry | undefined> {
    const { ModelInspector: Class } = await import('../../client/inspection/modelInspector');
    if (this.disposed) return undefined;
    const known = this.entries.get(project);
    if (known !== undefined) return known;
    const inspector = new Class(() => ({ ...trainerOptions(this.app, project), idleSeconds: IDLE_SECONDS }));
    const entry: Entry = { inspector, timer: undefined, notBefore: 0 };
    this.entries.set(project, entry);
    return entry;
  }

  private release(project: string): void {
    const entry = this.entries.get(project);
    this.entries.delete(project);
    clearTimeout(entry?.timer);
    entry?.inspector.dispose();
  }
}

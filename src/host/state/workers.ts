import type * as vscode from 'vscode';
import type { Worker } from '../../client/processes/worker';
import type { TrainerRole } from '../../protocol/launch';
import type { App } from '../app/app';
import { projectOf, trainerOptions } from './options';

/** A process holds TensorFlow in memory; it goes when it had nothing to do for so long. */
const KEEP_SECONDS = 120;

/** The processes for what is not a training, one a project and role. */
export class Workers implements vscode.Disposable {
  private readonly workers = new Map<string, Worker>();
  private isDisposed = false;

  constructor(private readonly app: App) {}

  /** The one that works for the project of this model file; its process is started with its first work. */
  async of(modelFile: string, role: Exclude<TrainerRole, 'training' | 'kernel'>): Promise<Worker> {
    const { Worker } = await import('../../client/processes/worker');
    const project = projectOf(this.app, modelFile);
    const id = `${role} ${project}`;
    const known = this.workers.get(id);
    if (known !== undefined) return known;
    const worker = new Worker(() => ({ ...trainerOptions(this.app, project), role }), KEEP_SECONDS);
    if (this.isDisposed) worker.dispose();
    else this.workers.set(id, worker);
    return worker;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const worker of this.workers.values()) worker.dispose();
  }
}

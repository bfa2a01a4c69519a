/** A run's checkpoints: one an epoch, of which the newest ones and the best are kept. */
import fs from 'node:fs';
import path from 'node:path';
import type { Model } from '../../learning/training/state';
import { writeCheckpoint } from './checkpointFile';
import type { CheckpointState } from './checkpointManifest';
import { checkpointName } from '../../runFolder/layout';

const NEWEST_KEPT = 10;

export class Checkpoints {
  /** Names of complete checkpoints, oldest first. */
  names: readonly string[] = [];
  private superfluous: readonly string[] = [];
  private best: { readonly name: string; readonly loss: number } | undefined;

  constructor(private readonly directory: string) {}

  /** @param loss what tells the best one: val_loss */
  save(state: CheckpointState, loss: number, model: Model, reference?: Model): void {
    const name = checkpointName(state.epoch);
    writeCheckpoint(this.directory, name, model, state, reference);
    if (loss < (this.best?.loss ?? Number.POSITIVE_INFINITY)) this.best = { name, loss };
    const all = [...this.names, name];
    const kept = all.filter((other, index) => index >= all.length - NEWEST_KEPT || other === this.best?.name);
    this.superfluous = all.filter((other) => !kept.includes(other));
    this.names = kept;
  }

  /** Removes what is not kept: only when the record no longer lists it, so that what is listed is always there. */
  prune(): void {
    for (const name of this.superfluous) fs.rmSync(path.join(this.directory, name), { recursive: true, force: true });
    this.superfluous = [];
  }
}

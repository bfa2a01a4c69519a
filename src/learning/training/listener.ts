/** What a training tells. Calls are synchronous; what a listener throws ends the training. */
import type { Metrics, Point, RunProgress } from '../../protocol/run';
import type { CompileState } from '../compile';
import type { Fault } from '../errors';
import type { OutputListener } from './evaluate';
import type { TrainingState } from './state';

/** Why the model to compare with takes no more steps. */
export interface ReferenceEnd {
  /** The step that it could not take. */
  readonly step: number;
  readonly fault: Fault;
}

export interface TrainingListener {
  /** Before the first step, the clock not yet running. `epoch` is a position: 1.5 is half-way through the second. */
  begin?(step: number, epoch: number): void;
  /** The training waits; the clock stands. */
  paused?(step: number, epoch: number): void;
  /** No more steps follow: all are done, or somebody stopped it. */
  end?(step: number, epoch: number): void;
  point?(point: Point): void;
  progress?(progress: RunProgress): void;
  stepEnd?(step: number, epoch: number): void;
  /** Output of the model for test rows from `firstRow` on; valid during the call only. */
  testOutput?: OutputListener;
  /** After validation: the place to save and to draw. */
  epochEnd?(state: TrainingState, values: Metrics): void;
  /** `restoreBest`: the weights are those of this epoch again. */
  restored?(epoch: number): void;
  /** How the steps of a model run, whenever that changes. */
  executed?(state: CompileState, model: 'own' | 'reference'): void;
  /** The model to compare with takes no more steps; the training goes on. */
  referenceEnded?(end: ReferenceEnd): void;
}

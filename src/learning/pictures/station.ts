import type { WalkNode } from '../../protocol/pictures';
import type { Numbers } from './samples';

/** One tensor of the walk, before it has a place and a name. */
export interface Station {
  readonly kind: WalkNode['kind'];
  /** Its tensor's id; of a variable's, too. */
  readonly id: number;
  /** A parameter's name in the learner's code. */
  readonly name?: string;
  readonly shape: readonly number[];
  readonly values: Numbers;
  readonly operation?: {
    readonly kernel: string;
    readonly inputs: readonly Station[];
    readonly attributes: Readonly<Record<string, unknown>>;
  };
}

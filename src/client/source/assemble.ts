/** What both readers of a text agree on: which of its calls mean what. */
import type { Analysis, Call, Declaration, ExperimentCall } from './analysis';

export const LAB_MODULE = 'deep-learning-lab';

/** What the text calls things that it imports or takes apart; names that are not listed mean themselves. */
export interface Names {
  /** Local names of `experiment`. */
  readonly experiment: ReadonlySet<string>;
  /** Local names of `datasets`. */
  readonly datasets: ReadonlySet<string>;
  /** Functions taken out of `tf.layers` or `datasets`: `const { dense } = tf.layers`. */
  readonly layers: ReadonlySet<string>;
  readonly datasetFunctions: ReadonlySet<string>;
}

export function assemble(
  parsed: boolean,
  declarations: readonly Declaration[],
  calls: readonly Call[],
  experiment: ExperimentCall | undefined,
  names: Names,
): Analysis {
  const ordered = [...calls].sort((a, b) => a.range.start.offset - b.range.start.offset);
  return {
    parsed,
    ...(experiment === undefined ? {} : { experiment }),
    declarations,
    calls: ordered,
    layerCalls: ordered.filter((call) => isMember(call, 'layers') || names.layers.has(call.callee)),
    datasetCalls: ordered.filter(
      (call) => [...names.datasets].some((local) => isMember(call, local)) || names.datasetFunctions.has(call.callee),
    ),
  };
}

export function isExperimentCall({ callee, name }: Call, names: Names): boolean {
  return names.experiment.has(callee) || (name === 'experiment' && callee.split('.').length === 2);
}

/** True for `owner.name(…)` and `x.owner.name(…)`. */
function isMember({ callee }: Call, owner: string): boolean {
  return callee.split('.').at(-2) === owner;
}

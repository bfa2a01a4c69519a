/** One test example forward through a functional model to the loss, and back to the gradient of each parameter. */
import * as tf from '@tensorflow/tfjs';
import type { FunctionalExperiment, Parameters } from '../../lab/experiment';
import { resolveLoss } from '../../lab/resolve';
import type { Walkthrough, WalkStop, WalkStops } from '../../protocol/pictures';
import { batchOfOne, describeExample } from './example';
import type { Moment, PictureContext } from './maker';
import { PacedMaker } from './paced';
import { numbersOf, type Numbers } from './samples';
import { backpropagate, record, type Operation } from './tape';
import { undisturbed } from './undisturbed';
import type { Station } from './station';
import { SOLE } from '../../lab/fields';
import { answerOf } from '../training/batch';
import { lossNamed } from '../training/objective';
import { Walk } from './walk';

/** The same example in the whole run, so that one sees its numbers change. */
const EXAMPLE = 0;
/** A longer walk is nothing to step through. */
const MOST_OPERATIONS = 300;

export class WalkthroughMaker extends PacedMaker {
  constructor(
    context: PictureContext,
    private readonly experiment: FunctionalExperiment,
  ) {
    super(context);
  }

  epochEnd(moment: Moment): void {
    if (this.pace.isDue) this.show(moment);
  }

  protected override draw({ step, epoch }: Moment): void {
    this.context.executor.sync();
    this.context.emit({ kind: 'walkthrough', step, epoch, ...walkThrough(this.context, this.experiment) });
  }
}

interface Reached {
  output?: { readonly tensor: tf.Tensor; readonly station: Station };
  loss?: { readonly tensor: tf.Tensor; readonly station: Station };
  readonly stops: { -readonly [Part in keyof WalkStops]: WalkStops[Part] };
}

/** Does the walk. What the learner's code throws is part of the picture; the run goes on. */
export function walkThrough(
  context: Pick<PictureContext, 'data' | 'learner' | 'test' | 'fromLogits'>,
  { loss, gradients: own }: Pick<FunctionalExperiment, 'loss' | 'gradients'>,
): Omit<Walkthrough, 'kind' | 'step' | 'epoch' | 'summary'> {
  const { learner } = context;
  const { classes } = context.data;
  return undisturbed(EXAMPLE, () => {
    const { x, y } = batchOfOne(context, EXAMPLE);
    const parameters = Object.fromEntries(learner.weights.map(({ name, tensor }) => [name, tensor]));
    const walk = new Walk({ x, y, parameters });
    const reached: Reached = { stops: {} };
    const { stops } = reached;
    return record(
      () => {
        goForward(
          reached,
          walk,
          () => answerOf(learner.forward(x, false), SOLE),
          (output) => resolveLoss(lossNamed(loss, SOLE)).compute(y, output),
        );
      },
      (operation) => {
        if (walk.length < MOST_OPERATIONS) walk.note(operation);
        else stops.tooLong = MOST_OPERATIONS;
      },
      (_, operations) => {
        const gradients = goBack(reached, operations, Object.values(parameters));
        const ownGradients = numbersOfOwn(stops, parameters, () => own?.(parameters, x, y));
        const ends = { output: reached.output?.station, loss: reached.loss?.station };
        const nodes = stops.tooLong === undefined ? walk.nodes(ends, gradients, ownGradients) : [];
        const example = describeExample(context, EXAMPLE, reached.output?.tensor);
        const connected = gradients.size > 0;
        return { classes, example, nodes, connected, stops };
      },
    );
  });
}

function goForward(
  reached: Reached,
  walk: Walk,
  forward: () => tf.Tensor,
  loss: (output: tf.Tensor) => tf.Scalar,
): void {
  try {
    const output: unknown = forward();
    if (!isTensor(output)) {
      reached.stops.forward = { reason: 'noOutput' };
      return;
    }
    reached.output = { tensor: output, station: walk.station(output) };
    const found = loss(output);
    reached.loss = { tensor: found, station: walk.station(found) };
  } catch (error) {
    reached.stops.forward = thrown(error);
  }
}

/** Gradients by the id of their tensor; none where the loss does not depend on the parameters. */
function goBack(
  { loss, stops }: Reached,
  operations: readonly Operation[],
  parameters: readonly tf.Tensor[],
): Map<number, Numbers> {
  const found = new Map<number, Numbers>();
  if (loss === undefined || stops.tooLong !== undefined) return found;
  const { tensor } = loss;
  try {
    const sources = parameters.map(({ id }) => id);
    for (const [id, gradient] of backpropagate(operations, tensor, sources)) found.set(id, numbersOf(gradient));
  } catch (error) {
    stops.backward = thrown(error);
    found.clear();
  }
  return found;
}

/** What the learner's own `gradients` gives for the example, where it has the parameter's shape. */
function numbersOfOwn(
  stops: Reached['stops'],
  parameters: Readonly<Record<string, tf.Tensor>>,
  compute: () => Parameters | undefined,
): Map<number, Numbers> {
  const own = new Map<number, Numbers>();
  try {
    const found: Partial<Parameters> = compute() ?? {};
    for (const [name, parameter] of Object.entries(parameters)) {
      const gradient = found[name];
      if (gradient instanceof tf.Tensor && gradient.size === parameter.size) own.set(parameter.id, numbersOf(gradient));
    }
  } catch (error) {
    stops.gradients = thrown(error);
  }
  return own;
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

function thrown(error: unknown): WalkStop {
  return { reason: 'thrown', message: error instanceof Error ? error.message : String(error) };
}

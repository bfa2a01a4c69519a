/** One test example forward through a functional model to the loss, and back to the gradient of each parameter. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { FunctionalExperiment, Parameters } from '../../lab/experiment';
import { resolveLoss } from '../../lab/resolve';
import type { Walkthrough } from '../../protocol/run';
import { batchOfOne, describeExample, nameOfClass } from './example';
import type { PictureMaker, PictureContext } from './maker';
import { Pace } from './pace';
import { numbersOf, type Numbers } from './samples';
import { backpropagate, record, type Operation } from './tape';
import { undisturbed } from './undisturbed';
import type { Station } from './station';
import { Walk } from './walk';
import { summarizeWalk, type WalkProblems } from './walkSummary';

/** The same example in the whole run, so that one sees its numbers change. */
const EXAMPLE = 0;
/** A longer walk is nothing to step through. */
const MOST_OPERATIONS = 300;

export class WalkthroughMaker implements PictureMaker {
  private readonly pace: Pace;
  private drawn: number | undefined;

  constructor(
    private readonly context: PictureContext,
    private readonly experiment: FunctionalExperiment,
  ) {
    this.pace = new Pace(context.now);
  }

  begin(step: number, epoch: number): void {
    this.draw(step, epoch);
  }

  epochEnd(step: number, epoch: number): void {
    if (this.pace.isDue) this.draw(step, epoch);
  }

  paused(step: number, epoch: number): void {
    this.draw(step, epoch);
  }

  end(step: number, epoch: number): void {
    this.draw(step, epoch);
  }

  private draw(step: number, epoch: number): void {
    if (step === this.drawn) return;
    this.drawn = step;
    this.pace.draw(() => {
      this.context.executor.sync();
      this.context.emit({ kind: 'walkthrough', step, epoch, ...walkThrough(this.context, this.experiment) });
    });
  }
}

interface Reached {
  output?: { readonly tensor: tf.Tensor; readonly station: Station };
  loss?: { readonly tensor: tf.Tensor; readonly station: Station };
  readonly problems: WalkProblems;
}

/** Does the walk. What the learner's code throws is told in the summary; the run goes on. */
export function walkThrough(
  context: Omit<PictureContext, 'executor' | 'now' | 'emit'>,
  { loss, gradients: own }: Pick<FunctionalExperiment, 'loss' | 'gradients'>,
): Omit<Walkthrough, 'kind' | 'step' | 'epoch'> {
  const { learner } = context;
  const { classes } = context.experiment.data;
  return undisturbed(EXAMPLE, () => {
    const { x, y } = batchOfOne(context, EXAMPLE);
    const parameters = Object.fromEntries(learner.weights.map(({ name, tensor }) => [name, tensor]));
    const walk = new Walk({ x, y, parameters });
    const reached: Reached = { problems: {} };
    const { problems } = reached;
    return record(
      () => {
        goForward(
          reached,
          walk,
          () => learner.forward(x, false),
          (output) => resolveLoss(loss).compute(y, output),
        );
      },
      (operation) => {
        if (walk.length < MOST_OPERATIONS) walk.note(operation);
        else problems.tooLong = MOST_OPERATIONS;
      },
      (_, operations) => {
        const gradients = goBack(reached, operations, Object.values(parameters));
        const ownGradients = numbersOfOwn(problems, parameters, () => own?.(parameters, x, y));
        const ends = { output: reached.output?.station, loss: reached.loss?.station };
        const nodes = problems.tooLong === undefined ? walk.nodes(ends, gradients, ownGradients) : [];
        const example = describeExample(context, EXAMPLE, reached.output?.tensor);
        const connected = gradients.size > 0;
        const label = nameOfClass(classes, example.label);
        return { classes, example, nodes, connected, summary: summarizeWalk({ nodes, connected, label, problems }) };
      },
    );
  });
}

function goForward(reached: Reached, walk: Walk, forward: () => tf.Tensor, loss: (output: tf.Tensor) => unknown): void {
  try {
    const output: unknown = forward();
    if (!isTensor(output)) throw new TypeError(l10n.t('forward gave no tensor.'));
    reached.output = { tensor: output, station: walk.station(output) };
    const found = loss(output);
    if (!isTensor(found)) throw new TypeError(l10n.t('The loss function gave no tensor.'));
    reached.loss = { tensor: found, station: walk.station(found) };
  } catch (error) {
    reached.problems.forward = textOf(error);
  }
}

/** Gradients by the id of their tensor; none where the loss does not depend on the parameters. */
function goBack(
  { loss, problems }: Reached,
  operations: readonly Operation[],
  parameters: readonly tf.Tensor[],
): Map<number, Numbers> {
  const found = new Map<number, Numbers>();
  if (loss === undefined || problems.tooLong !== undefined) return found;
  const { tensor } = loss;
  if (tensor.rank !== 0) {
    problems.backward = l10n.t('The loss is no scalar: its shape is [{0}].', tensor.shape.join(', '));
    return found;
  }
  try {
    const sources = parameters.map(({ id }) => id);
    for (const [id, gradient] of backpropagate(operations, tensor, sources)) found.set(id, numbersOf(gradient));
  } catch (error) {
    problems.backward = textOf(error);
    found.clear();
  }
  return found;
}

/** What the learner's own `gradients` gives for the example, where it has the parameter's shape. */
function numbersOfOwn(
  problems: WalkProblems,
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
    problems.gradients = textOf(error);
  }
  return own;
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

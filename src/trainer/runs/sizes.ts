/** What both models reach with how many examples (`sizes`): a phase of its own after the training. */
import * as l10n from '@vscode/l10n';
import { performance } from 'node:perf_hooks';
import type { Experiment } from '../../lab/experiment';
import type { SizeStudy } from '../../protocol/run';
import { firstRows, SOLE } from '../../lab/fields';
import { metricsNamed } from '../../learning/training/objective';
import { epochsOn, trainAfresh } from '../../learning/training/afresh';
import { comparedExperiment } from '../../learning/training/comparison';
import type { LoopControl } from '../../learning/training/loop';
import type { TrainingOptions } from '../../learning/training/training';
import type { Journal } from './journal';
import { examples } from '../../words/counts';
import { withSummary } from '../../words/pictures';

/** Clients hear of progress at most this often. */
const INTERVAL_MS = 200;

interface Plan {
  readonly examples: number;
  readonly epochs: number;
  readonly steps: number;
}

/** Does nothing where the experiment names no sizes. Ends early when asked to stop: what is there stays. */
export async function studySizes(options: TrainingOptions, journal: Journal): Promise<void> {
  const { experiment, data, epochs, control } = options;
  const compared = comparedExperiment(experiment);
  if (experiment.sizes === undefined || compared === undefined) return;
  const { batchSize } = experiment;
  const plans = plansOf(experiment.sizes, { total: data.train.length, batchSize, epochs });
  // The slider belongs to the training that is over.
  const steered: LoopControl = {
    get isPaused() {
      return control.isPaused;
    },
    get stopped() {
      return control.stopped;
    },
    takeLearningRate: () => undefined,
    mayStep: () => control.mayStep(),
    end: () => undefined,
  };
  const metric = metricOf(experiment);
  const progress = new StudyProgress(plans, journal);
  // The time left was that of the training.
  journal.update({ progress: { ...journal.current.progress, secondsLeft: null } });
  const rows: SizeStudy['rows'][number][] = [];
  try {
    for (const plan of plans) {
      const part = { train: firstRows(data.train, plan.examples), test: data.test };
      const reached = async (trained: Experiment): Promise<number | null | undefined> => {
        progress.begin(plan);
        const settings = { ...options, experiment: trained, data: part, epochs: plan.epochs, control: steered };
        const end = await trainAfresh(settings, () => {
          progress.step();
        });
        if (end === undefined) return undefined;
        return end === 'diverged' ? null : (end[metric] ?? null);
      };
      const value = await reached(experiment);
      const reference = value === undefined ? undefined : await reached(compared);
      if (value === undefined || reference === undefined) return;
      rows.push({ examples: plan.examples, epochs: plan.epochs, value, reference });
      tell(rows, { experiment, metric }, journal);
    }
  } finally {
    control.end();
  }
}

function plansOf(sizes: readonly number[], whole: Parameters<typeof epochsOn>[1]): Plan[] {
  // Data may hold fewer examples than it said, after a warning.
  const there = sizes.filter((examples) => examples <= whole.total);
  return there
    .toSorted((a, b) => a - b)
    .map((examples) => {
      const epochs = epochsOn(examples, whole);
      return { examples, epochs, steps: epochs * Math.ceil(examples / whole.batchSize) };
    });
}

function metricOf({ data, metrics }: Experiment): SizeStudy['metric'] {
  if (data.targets !== undefined) return 'val_loss';
  const names = metricsNamed(metrics, SOLE).map((metric) => (typeof metric === 'string' ? metric : metric.name));
  return names.includes('accuracy') ? 'val_accuracy' : 'val_loss';
}

function tell(
  rows: SizeStudy['rows'],
  { experiment, metric }: { readonly experiment: Experiment; readonly metric: SizeStudy['metric'] },
  journal: Journal,
): void {
  const { step, epoch } = journal.current.progress;
  const labels = { label: experiment.title, referenceLabel: experiment.compareWith?.label ?? '' };
  journal.picture(withSummary({ kind: 'sizeStudy', step, epoch, metric, ...labels, rows: [...rows] }));
}

/** Says what is trained now, and how much of all steps is done. */
class StudyProgress {
  private readonly total: number;
  private done = 0;
  private text = '';
  private told = 0;

  constructor(
    private readonly plans: readonly Plan[],
    private readonly journal: Journal,
  ) {
    this.total = plans.reduce((sum, { steps }) => sum + 2 * steps, 0);
  }

  begin(plan: Plan): void {
    const number = this.plans.indexOf(plan) + 1;
    this.text = l10n.t('Training both models on {0} ({1} of {2})', examples(plan.examples), number, this.plans.length);
    this.tell();
  }

  step(): void {
    this.done++;
    if (performance.now() - this.told >= INTERVAL_MS) this.tell();
  }

  private tell(): void {
    this.told = performance.now();
    this.journal.activity(this.text, this.done / this.total);
  }
}

/** What both models reach with how many examples (`sizes`): a phase of its own after the training. */
import * as l10n from '@vscode/l10n';
import type { Experiment } from '../../lab/experiment';
import type { SizeStudy } from '../../protocol/pictures';
import { firstRows, SOLE } from '../../lab/fields';
import { metricsNamed } from '../../learning/training/objective';
import { epochsOn, trainAfresh } from '../../learning/training/afresh';
import { comparedExperiment } from '../../learning/training/comparison';
import type { TrainingOptions } from '../../learning/training/training';
import type { Journal } from './journal';
import { examples } from '../../words/counts';
import { withSummary } from '../../words/pictures';
import { steeredBy, StudyProgress } from './study';

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
  const steered = steeredBy(control);
  const metric = metricOf(experiment);
  const progress = new StudyProgress(
    plans.reduce((sum, { steps }) => sum + 2 * steps, 0),
    journal,
  );
  const rows: SizeStudy['rows'][number][] = [];
  try {
    for (const plan of plans) {
      const part = { train: firstRows(data.train, plan.examples), test: data.test };
      const reached = async (trained: Experiment): Promise<number | null | undefined> => {
        progress.begin(
          l10n.t(
            'Training both models on {0} ({1} of {2})',
            examples(plan.examples),
            plans.indexOf(plan) + 1,
            plans.length,
          ),
        );
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

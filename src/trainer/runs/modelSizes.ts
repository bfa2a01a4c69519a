/** What models of several sizes reach (`modelSizes`): a phase of its own after the training. */
import * as l10n from '@vscode/l10n';
import { performance } from 'node:perf_hooks';
import { isLongText } from '../../lab/datasets/text/longText';
import type { Experiment } from '../../lab/experiment';
import { flopsOfExample } from '../../learning/forwardCost';
import { fitPowerLaw, frontier } from '../../learning/powerLaw';
import { trainAfresh } from '../../learning/training/afresh';
import { variantOf } from '../../learning/training/comparison';
import type { Data, TrainingOptions } from '../../learning/training/training';
import type { ModelSizes } from '../../protocol/pictures';
import { withSummary } from '../../words/pictures';
import type { Journal } from './journal';
import { steeredBy, StudyProgress } from './study';

type Row = ModelSizes['rows'][number];

/**
 * Of language models. Kaplan and others 2020: figures 1 and 14, parameters without embeddings, best use of operations.
 * Hoffmann and others 2022: equation 10, above a loss that no size takes away; for operations αβ/(α+β), which follows.
 */
const PUBLISHED = [
  { source: 'Kaplan 2020', parameters: 0.076, flops: 0.05 },
  { source: 'Hoffmann 2022', parameters: 0.34, flops: (0.34 * 0.28) / (0.34 + 0.28) },
];

/** The gradients of a product are two products of the same size. */
const FORWARD_AND_BACK = 3;

/** Does nothing where the experiment names no sizes. Ends early when asked to stop: what is there stays. */
export async function studyModels(options: TrainingOptions, journal: Journal): Promise<void> {
  const { experiment, data, epochs, control } = options;
  const { modelSizes } = experiment;
  if (modelSizes === undefined) return;
  const steps = epochs * Math.ceil(shown(data) / experiment.batchSize);
  const progress = new StudyProgress(modelSizes.length * steps, journal);
  const rows: Row[] = [];
  try {
    for (const [index, { label, ...other }] of modelSizes.entries()) {
      progress.begin(l10n.t('Training "{0}" ({1} of {2})', label, index + 1, modelSizes.length));
      const own = variantOf(experiment, { label, ...other });
      const row = await measured(label, own, { ...options, control: steeredBy(control) }, () => {
        progress.step();
      });
      if (row === undefined) return;
      rows.push(row);
      tell(rows, experiment, journal);
    }
  } finally {
    control.end();
  }
}

/** Examples in an epoch. */
const shown = ({ train }: Data): number => train.perEpoch ?? train.length;

/** Undefined when it was stopped. */
async function measured(
  label: string,
  experiment: Experiment,
  options: TrainingOptions,
  stepped: () => void,
): Promise<Row | undefined> {
  const { data, epochs } = options;
  const began = performance.now();
  const curve: { flops: number; value: number }[] = [];
  let [parameters, perEpoch] = [0, 0];
  const end = await trainAfresh(
    {
      ...options,
      experiment,
      validation: 'everyEpoch',
      begun: async (training) => {
        ({ parameters } = training.built.learner);
        perEpoch = FORWARD_AND_BACK * (await flopsOfExample(training, experiment, data)) * shown(data);
      },
      epochEnd: ({ values }) => {
        const value = values['val_loss'];
        if (value !== undefined) curve.push({ flops: perEpoch * (curve.length + 1), value });
      },
    },
    stepped,
  );
  if (end === undefined) return undefined;
  const value = end === 'diverged' ? null : (end['val_loss'] ?? null);
  const seconds = (performance.now() - began) / 1000;
  return { label, parameters, flops: perEpoch * epochs, seconds, value, curve };
}

function tell(rows: readonly Row[], experiment: Experiment, journal: Journal): void {
  const { step, epoch } = journal.current.progress;
  const ends = rows.flatMap(({ parameters, value }) => (value === null ? [] : [{ x: parameters, y: value }]));
  const ways = rows.flatMap(({ curve }) => curve.map(({ flops, value }) => ({ x: flops, y: value })));
  const [byParameters, byFlops] = [fitPowerLaw(ends), rows.length < 3 ? undefined : fitPowerLaw(frontier(ways))];
  const laws = {
    ...(byParameters === undefined ? {} : { parameters: byParameters }),
    ...(byFlops === undefined ? {} : { flops: byFlops }),
  };
  const published = isLongText(experiment.data) ? { published: PUBLISHED } : {};
  journal.picture(withSummary({ kind: 'modelSizes', step, epoch, rows: [...rows], laws, ...published }));
}

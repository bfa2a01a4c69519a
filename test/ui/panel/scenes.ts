/** The states the page can be in, as the messages a host would send for them, from really trained networks. */
import { toColumns } from '../../../src/protocol/columns';
import type { HostToPanel, PanelLesson, PanelRun } from '../../../src/protocol/panel';
import type { ModelSizes, SizeStudy } from '../../../src/protocol/pictures';
import type { Point, RunConfig, RunEnd, RunRecord, RunState } from '../../../src/protocol/run';
import { fitPowerLaw, frontier } from '../../../src/learning/powerLaw';
import { describeModelSizes } from '../../../src/words/pictures/modelSizes';
import { describeSizes } from '../../../src/words/pictures/sizeStudy';
import { EXERCISES } from './exercises';
import { boundary, CLOTHES, confusion, mistakes } from './pictures';
import { root } from './page';
import { clothes, spirals, train, type Training } from './training';

/** Made when it is first asked for, then kept: what a training computes takes seconds. */
export const lazy = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

export const clothesData = lazy(() => ({ train: clothes(root, 150), test: clothes(root, 60, 150) }));

export const clothesRun = lazy(() =>
  train({ ...clothesData(), hidden: 24, classes: 10, epochs: 10, batchSize: 32, learningRate: 0.1, seed: 1 }),
);

/** The same network with other learning rates: five earlier runs. */
export const earlierRuns = lazy(() =>
  [0.01, 0.02, 0.04, 0.2, 0.3].map((learningRate, index) => ({
    learningRate,
    ...train({
      train: clothes(root, 60),
      test: clothesData().test,
      hidden: 12,
      classes: 10,
      epochs: 8,
      batchSize: 16,
      learningRate,
      seed: index + 2,
    }),
  })),
);

export const spiralData = lazy(() => ({ train: spirals(120, 3, 1), test: spirals(50, 3, 2) }));

export const spiralRun = lazy(() =>
  train({ ...spiralData(), hidden: 32, classes: 3, epochs: 120, batchSize: 16, learningRate: 0.3, seed: 3 }),
);

export const CLOTHES_LESSON: PanelLesson = {
  id: 'image-classification',
  title: 'Image classification',
  summary: 'A convolutional network learns to tell ten kinds of clothes apart.',
};

export const SPIRAL_LESSON: PanelLesson = {
  id: 'neural-network',
  title: 'A small neural network',
  summary: 'Sixteen neurons bend the plane until the arms of a spiral come apart.',
};

const NAME = 'Fashion-MNIST';

function config(training: Training, epochs: number, learningRate: number): RunConfig {
  const { inputs, hidden, classes } = training.network;
  const layers = [
    { name: 'dense_Dense1', type: 'Dense', outputShape: [null, hidden], parameters: (inputs + 1) * hidden },
    { name: 'dense_Dense2', type: 'Dense', outputShape: [null, classes], parameters: (hidden + 1) * classes },
  ];
  return {
    epochs,
    batchSize: 32,
    seed: 1,
    optimizer: 'sgd',
    learningRate,
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    data: {
      name: inputs === 2 ? 'Spirals' : NAME,
      train: 1500,
      test: 600,
      inputShape: inputs === 2 ? [2] : [28, 28, 1],
      classes: inputs === 2 ? ['first arm', 'second arm', 'third arm'] : CLOTHES,
      licence: inputs === 2 ? 'generated' : 'Zalando SE, MIT licence',
    },
    parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
    layers,
  };
}

export interface RecordOptions {
  readonly state: RunState;
  readonly points: readonly Point[];
  readonly epochs: number;
  readonly learningRate?: number;
  readonly end?: Partial<RunEnd>;
  readonly id?: string;
  readonly createdAt?: string;
  readonly reference?: NonNullable<RunConfig['reference']>;
  readonly referenceEnd?: NonNullable<RunRecord['referenceEnd']>;
}

export function panelRun(training: Training | undefined, options: RecordOptions): PanelRun {
  const { state, points, epochs, learningRate = 0.1, end, id = 'run-1', reference, referenceEnd } = options;
  const last = points.at(-1);
  const totalSteps = (training?.stepsPerEpoch ?? 0) * epochs;
  const seconds = last?.time ?? 0;
  const latest = Object.assign({}, ...points.slice(-200).map((point) => point.values)) as RunRecord['latest'];
  const record: RunRecord = {
    format: 1,
    id,
    title: training?.network.inputs === 2 ? SPIRAL_LESSON.title : CLOTHES_LESSON.title,
    lesson: training?.network.inputs === 2 ? SPIRAL_LESSON.id : CLOTHES_LESSON.id,
    modelFile: '/home/ada/deep-learning-lab/image-classification/model.ts',
    sourceHash: '0'.repeat(64),
    createdAt: options.createdAt ?? '2026-11-24T08:12:00.000Z',
    state,
    ...(end === undefined
      ? {}
      : { end: { reason: 'completed', at: '2026-11-24T08:14:00.000Z', unattended: false, ...end } }),
    ...(training === undefined
      ? {}
      : { config: { ...config(training, epochs, learningRate), ...(reference === undefined ? {} : { reference }) } }),
    ...(referenceEnd === undefined ? {} : { referenceEnd }),
    progress: {
      epoch: Math.min(epochs, Math.floor((last?.epoch ?? 0) - 1e-9) + 1),
      step: last?.step ?? 0,
      stepsPerEpoch: training?.stepsPerEpoch ?? 0,
      totalSteps,
      seconds,
      secondsLeft:
        last === undefined || state === 'preparing' ? null : (seconds / last.step) * (totalSteps - last.step),
      learningRate,
    },
    latest,
    environment: {
      engine: {
        kind: 'native',
        package: '@tensorflow/tfjs-node 4.22.0',
        version: '2.21.0',
        reason: 'The native engine is installed on this machine.',
      },
      node: '24.1.0',
      platform: 'linux x64',
      cpus: 8,
    },
    trainer: { pid: 4711, started: '1', instance: 'a1b2c3' },
    points: points.length,
    checkpoints: last === undefined ? [] : ['epoch-0001'],
  };
  return { key: `/runs/${id}`, record };
}

export function pointsMessage(run: PanelRun, points: readonly Point[], from = 0): HostToPanel {
  return { type: 'points', key: run.key, from, columns: toColumns(points) };
}

/** The first `share` of a training, in the state given. */
export function clothesScene(state: RunState, share: number, end?: Partial<RunEnd>): HostToPanel[] {
  const training = clothesRun();
  const points = training.points.slice(0, Math.round(training.points.length * share));
  const run = panelRun(training, { state, points, epochs: 10, ...(end === undefined ? {} : { end }) });
  return [
    { type: 'connection', state: 'attached' },
    { type: 'show', run, lesson: CLOTHES_LESSON },
    ...(points.length === 0 ? [] : [pointsMessage(run, points)]),
  ];
}

/** Networks that begin with other weights, on the very same batches, with a smaller learning rate. */
const slowerRun = lazy(() =>
  train({ ...clothesData(), hidden: 24, classes: 10, epochs: 10, batchSize: 32, learningRate: 0.01, seed: 1 }),
);

/** The first `share` of a training beside that of another model, which ends after `lasts` of it. */
export function comparedScene(state: RunState, share: number, lasts = 1): HostToPanel[] {
  const [training, other] = [clothesRun(), slowerRun()];
  const count = Math.round(training.points.length * share);
  const points = training.points.slice(0, count).map((point, index) => {
    if (index >= count * lasts) return point;
    const values = { ...point.values };
    for (const [name, value] of Object.entries(other.points[index]!.values)) {
      values[name.startsWith('val_') ? name.replace('val_', 'val_reference_') : `reference_${name}`] = value;
    }
    return { ...point, values };
  });
  const step = Math.ceil(points[Math.min(count - 1, Math.floor(count * lasts))]!.step);
  const run = panelRun(training, {
    state,
    points,
    epochs: 10,
    ...(state === 'finished' ? { end: { reason: 'completed' } } : {}),
    reference: {
      label: 'with a tenth of the learning rate',
      optimizer: 'sgd',
      learningRate: 0.01,
      loss: 'sparseCategoricalCrossentropy',
      parameters: 19_090,
    },
    ...(lasts === 1
      ? {}
      : {
          referenceEnd: {
            step,
            message: `The loss is NaN at step ${step}. It first appeared in the output of "dense".`,
          },
        }),
  });
  return [
    { type: 'connection', state: 'attached' },
    { type: 'show', run, lesson: CLOTHES_LESSON },
    pointsMessage(run, points),
  ];
}

/** Two networks really trained on ever more pictures. */
export const sizeStudy = lazy((): SizeStudy => {
  const rows = [1, 2, 5, 15, 40, 100].map((perClass) => {
    const reached = (hidden: number): number => {
      const examples = { train: clothes(root, perClass), test: clothesData().test };
      const epochs = Math.max(10, Math.ceil(120 / perClass));
      const plan = { hidden, classes: 10, epochs, batchSize: 16, learningRate: 0.05, seed: 1 };
      return train({ ...examples, ...plan }).points.at(-1)!.values['val_accuracy']!;
    };
    return {
      examples: 10 * perClass,
      epochs: Math.max(10, Math.ceil(120 / perClass)),
      value: reached(24),
      reference: reached(4),
    };
  });
  const study = {
    kind: 'sizeStudy' as const,
    step: 470,
    epoch: 10,
    metric: 'val_accuracy' as const,
    label: '24 hidden neurons',
    referenceLabel: '4 hidden neurons',
    rows,
  };
  return { ...study, summary: describeSizes(study) };
});

/** Networks of four sizes, really trained on the same pictures; the slopes beside them are those of the lab for texts. */
export const modelSizes = lazy((): ModelSizes => {
  const examples = { train: clothes(root, 40), test: clothesData().test };
  const inputs = examples.train.x.length / examples.train.y.length;
  const rows = [2, 4, 8, 16].map((hidden) => {
    const plan = { hidden, classes: 10, epochs: 8, batchSize: 16, learningRate: 0.05, seed: 1 };
    const losses = train({ ...examples, ...plan }).points.flatMap(({ kind, values }) =>
      kind === 'epoch' ? [values['val_loss']!] : [],
    );
    const epoch = 6 * hidden * (inputs + 10) * 400;
    const curve = losses.map((value, index) => ({ flops: epoch * (index + 1), value }));
    const parameters = hidden * (inputs + 1) + 10 * (hidden + 1);
    return { label: `${hidden} hidden`, parameters, flops: 8 * epoch, seconds: hidden, value: losses.at(-1)!, curve };
  });
  const byParameters = fitPowerLaw(rows.map(({ parameters, value }) => ({ x: parameters, y: value })))!;
  const ways = rows.flatMap(({ curve }) => curve.map(({ flops, value }) => ({ x: flops, y: value })));
  const study = {
    ...{ kind: 'modelSizes' as const, step: 470, epoch: 10, rows },
    laws: { parameters: byParameters, flops: fitPowerLaw(frontier(ways))! },
    published: [{ source: 'Kaplan 2020', parameters: 0.076, flops: 0.05 }],
  };
  return { ...study, summary: describeModelSizes(study) };
});

/** Five earlier runs over the present one. */
export function overlayMessages(shown = 5): HostToPanel[] {
  const runs = earlierRuns().map((training, index) => ({
    points: training.points,
    run: panelRun(training, {
      state: index === 2 ? 'stopped' : 'finished',
      end: { reason: index === 2 ? 'stoppedByUser' : 'completed' },
      points: training.points,
      epochs: 8,
      learningRate: training.learningRate,
      id: `earlier-${index}`,
      createdAt: `2026-10-2${index}T1${index}:0${index}:00.000Z`,
    }),
  }));
  return [
    { type: 'overlays', available: runs.map(({ run }) => run), shown: runs.slice(0, shown).map(({ run }) => run.key) },
    ...runs.slice(0, shown).map(({ run, points }) => pointsMessage(run, points)),
  ];
}

export const SCENES = {
  empty: () => [{ type: 'show', run: null, lesson: null }],
  'empty-lesson': () => [{ type: 'show', run: null, lesson: CLOTHES_LESSON }],
  preparing: () => {
    const run = panelRun(undefined, { state: 'preparing', points: [], epochs: 10 });
    return [
      { type: 'show', run, lesson: CLOTHES_LESSON },
      { type: 'activity', key: run.key, text: 'Downloading CIFAR-10: 71 of 170 MB', fraction: 71 / 170 },
    ];
  },
  training: () => clothesScene('training', 0.35),
  paused: () => clothesScene('paused', 0.6),
  finished: () => {
    const { network } = clothesRun();
    const key = '/runs/run-1';
    return [
      ...clothesScene('finished', 1, { reason: 'completed' }),
      { type: 'picture', key, picture: confusion(network, clothesData().test) },
      { type: 'picture', key, picture: mistakes(network, clothesData().test) },
    ];
  },
  exercises: () => [...clothesScene('training', 0.4), { type: 'exercises', cards: EXERCISES }],
  compare: () => [...clothesScene('training', 0.8), ...overlayMessages()],
  reference: () => [...comparedScene('training', 0.8), ...overlayMessages(1)],
  'reference-ended': () => comparedScene('training', 0.6, 0.5),
  sizes: () => {
    const picture = sizeStudy();
    const part = { ...picture, rows: picture.rows.slice(0, 4) };
    return [
      ...comparedScene('training', 1),
      { type: 'picture', key: '/runs/run-1', picture: { ...part, summary: describeSizes(part) } },
      { type: 'activity', key: '/runs/run-1', text: 'Training both models on 400 examples (5 of 6)', fraction: 0.41 },
    ];
  },
  'model-sizes': () => [
    ...clothesScene('finished', 1, { reason: 'completed' }),
    { type: 'picture', key: '/runs/run-1', picture: modelSizes() },
  ],
  'sizes-finished': () => [
    ...comparedScene('finished', 1),
    { type: 'picture', key: '/runs/run-1', picture: sizeStudy() },
  ],
  boundary: () => {
    const training = spiralRun();
    const run = panelRun(training, {
      state: 'finished',
      end: { reason: 'targetReached' },
      points: training.points,
      epochs: 120,
      learningRate: 0.3,
    });
    const classes = ['first arm', 'second arm', 'third arm'];
    const last = training.points.at(-1)!;
    const picture = { ...boundary(training.network, spiralData().test, classes), step: last.step, epoch: last.epoch };
    return [
      { type: 'show', run, lesson: SPIRAL_LESSON },
      pointsMessage(run, training.points),
      { type: 'picture', key: run.key, picture },
    ];
  },
  error: () =>
    clothesScene('failed', 0, {
      reason: 'error',
      error: {
        code: 'MODEL_SHAPE',
        message: 'The layer dense_Dense2 cannot take the output of flatten_Flatten1.',
        expected: 'an input of 1600 values',
        found: 'an input of 1024 values',
        remedy: 'Leave inputShape out of the second dense layer: the lab works it out from the layer before.',
        location: { file: '/home/ada/deep-learning-lab/image-classification/model.ts', line: 21, column: 7 },
        details:
          'Error: Input 0 is incompatible with layer dense_Dense2: expected axis -1 of input shape to have value 1600 but got shape 32,1024.\n    at Dense.assertInputCompatibility (topology.ts:632:13)\n    at model (model.ts:21:7)',
      },
    }),
  lost: () => [...clothesScene('training', 0.5), { type: 'connection', state: 'lost' }],
} satisfies Record<string, () => HostToPanel[]>;

export type SceneName = keyof typeof SCENES;

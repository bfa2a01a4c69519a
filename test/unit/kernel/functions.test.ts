/** What cells call: train, evaluate, predict, layers, examples, show, plot, controls. Real kernels, real trainings. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DISPLAY_MIME, type Display, type DisplayKind } from '../../../src/protocol/display';
import { readPoints } from '../../../src/runFolder/points';
import { listRuns } from '../../../src/runFolder/runs';
import { Notebook, type Ran } from './support';

const MODEL = `import { datasets, experiment, tf } from 'deep-learning-lab';
export default experiment({
  title: 'Spirals',
  data: datasets.spirals({ classes: 3, train: 300, test: 90 }),
  model: ({ inputShape, classes }) => tf.sequential({ layers: [
    tf.layers.dense({ inputShape, units: 8, activation: 'relu', name: 'hidden' }),
    tf.layers.dense({ units: classes, activation: 'softmax', name: 'answer' }),
  ] }),
  optimizer: () => tf.train.adam(0.01),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  epochs: 3,
  batchSize: 32,
});
`;

describe('what cells call', function () {
  this.timeout(180_000);
  let notebook: Notebook;
  before(async () => {
    notebook = new Notebook();
    notebook.write('model.ts', MODEL);
    await notebook.value(`import { tf, datasets, experiment, train, evaluate, predict, show, plot, layers, examples, input, display } from 'deep-learning-lab';
      import model from './model';`);
  });
  after(() => notebook.dispose());

  const displays = ({ events }: Ran): Display[] =>
    events.flatMap((event) =>
      event.kind === 'show' ? ((event.output.items[DISPLAY_MIME] as Display | undefined) ?? []) : [],
    );
  const shown = async <K extends DisplayKind>(source: string, kind: K): Promise<Extract<Display, { kind: K }>> => {
    const ran = await notebook.run(source);
    assert.equal(ran.end.state, 'done', JSON.stringify(ran.end.error));
    const last = displays(ran).at(-1);
    assert.equal(last?.kind, kind, source);
    return last as Extract<Display, { kind: K }>;
  };
  const refused = async (source: string, code: string, field?: string): Promise<void> => {
    const { end } = await notebook.run(source);
    assert.equal(end.state, 'failed', source);
    assert.equal(end.error?.code, code, `${source} ${end.error?.message ?? ''}`);
    if (field !== undefined) assert.equal(end.error.field, field);
    assert.equal(end.error.location?.file, 'cell:1', 'the place is the cell');
  };
  const json = async (source: string): Promise<unknown> =>
    JSON.parse((await notebook.value(`JSON.stringify(${source})`)) ?? 'null');

  it('train makes a run with a history, whose output is followed and then says how it ended', async () => {
    const ran = await notebook.run('const run = await train(model)');
    assert.equal(ran.end.state, 'done', JSON.stringify(ran.end.error));
    const ids = ran.events.flatMap((event) => (event.kind === 'show' ? [event.output.id] : []));
    assert.equal(new Set(ids).size, 1, 'one output, which is replaced');
    const [first, last] = displays(ran);
    assert.ok(first?.kind === 'run' && last?.kind === 'run');
    assert.equal(first.latest, undefined);
    assert.ok(last.latest!['val_accuracy']! > 0.3);
    const { runs } = await listRuns(notebook.bench.runs);
    assert.equal(runs.length, 1);
    const { record, folder } = runs[0]!;
    assert.equal(folder, last.folder);
    assert.equal(record.state, 'finished');
    assert.equal(record.title, 'Spirals');
    assert.equal(fs.readFileSync(path.join(folder, 'cell.ts'), 'utf8'), 'const run = await train(model)');
    const epochs = (await readPoints(folder)).filter(({ kind }) => kind === 'epoch');
    assert.deepEqual(
      await json('run.history.loss'),
      epochs.map(({ values }) => values['loss']),
    );
    assert.deepEqual(await json('[run.id, run.title, run.state, run.epochs]'), [record.id, 'Spirals', 'finished', 3]);
  });

  it('train is the run that the terminal makes of the same file: same seed, same numbers', async () => {
    const trainer = await notebook.bench.trainer();
    const { record, runFolder } = await trainer.request('run/start', {
      modelFile: path.join(notebook.bench.folder, 'model.ts'),
      runsDirectory: notebook.bench.runs,
      abandon: { action: 'continue', graceSeconds: 30 },
    });
    assert.equal(record.state, 'preparing');
    for (;;) {
      const { runs } = await listRuns(notebook.bench.runs);
      if (runs.find(({ folder }) => folder === runFolder)?.record.end !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const losses = (await readPoints(runFolder)).flatMap(({ kind, values }) =>
      kind === 'epoch' ? [values['loss']] : [],
    );
    assert.deepEqual(await json('run.history.loss'), losses);
  });

  it('evaluate gives what the last epoch measured on the test data; predict is the model itself', async () => {
    const measured = (await json('await evaluate(run)')) as Record<string, number>;
    const last = (await json('[run.history.val_loss.at(-1), run.history.val_accuracy.at(-1)]')) as number[];
    assert.ok(Math.abs(measured['loss']! - last[0]!) < 1e-5);
    assert.ok(Math.abs(measured['accuracy']! - last[1]!) < 1e-6);
    const difference = await json(
      'await (async () => { const { x } = await examples(model.data, { count: 5 }); return Math.max(...tf.abs(tf.sub(predict(run, x), run.model.predict(x))).dataSync()); })()',
    );
    assert.ok(Number(difference) < 1e-6);
  });

  it('layers gives the gradients that hand arithmetic and finite differences give', async () => {
    // One dense layer without a bias, mean squared error: dL/dy = 2 (y − t) / n.
    await notebook.value(`const line = experiment({ title: 'line', data: { name: 'line', kind: 'table', inputShape: [2], targetShape: [1], classes: [],
        train: 4, test: 4, licence: 'none', load: async () => { const split = { length: 4, x: new Float32Array([1,2,3,4,5,6,7,8]), y: new Float32Array([1,2,3,4]) }; return { train: split, test: split }; } },
        model: () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 3, activation: 'tanh', name: 'h' }), tf.layers.dense({ units: 1, useBias: false, name: 'out' })] }),
        optimizer: () => tf.train.sgd(0.01), loss: 'meanSquaredError', epochs: 1, batchSize: 4 });
      const fitted = await train(line);`);
    const table = await shown(
      `const { x: lx, y: ly } = await examples(line.data, { count: 4 }); const flow = layers(fitted, lx, ly); flow`,
      'layers',
    );
    assert.deepEqual(
      table.layers.map(({ name, shape }) => [name, shape]),
      [
        ['h', [4, 3]],
        ['out', [4, 1]],
      ],
    );
    const [gradient, y] = (await json(
      '[[...flow.layers[1].gradient.dataSync()], [...predict(fitted, lx).dataSync()]]',
    )) as [number[], number[]];
    gradient.forEach((value, row) => {
      assert.ok(Math.abs(value - (2 * (y[row]! - (row + 1))) / 4) < 1e-4, `row ${row}`);
    });
    // Of the hidden activations: dL/dh = dL/dy · Wᵀ.
    const away = await json(
      'Math.max(...tf.abs(tf.sub(flow.layers[0].gradient, tf.matMul(flow.layers[1].gradient, fitted.model.getLayer("out").getWeights()[0], false, true))).dataSync())',
    );
    assert.ok(Number(away) < 1e-5);
  });

  it('layers of a model without a loss has activations alone', async () => {
    const { layers } = await shown('layers(run.model, (await examples(model.data, { count: 4 })).x)', 'layers');
    assert.equal(layers.length, 2);
    assert.ok(layers.every(({ gradient }) => gradient === undefined));
  });

  it('examples are the rows of the data, scaled as a training has them', async () => {
    const own = (await json(
      'await (async () => { const { test } = await model.data.load(); const { x, y } = await examples(model.data, { from: 2, count: 3 }); return [[...test.x.slice(4, 10)], [...x.dataSync()], [...test.y.slice(2, 5)], [...y.dataSync()], x.shape, y.shape]; })()',
    )) as number[][];
    assert.deepEqual(own[0], own[1]);
    assert.deepEqual(own[2], own[3]);
    assert.deepEqual([own[4], own[5]], [[3, 2], [3]]);
  });

  it('values are shown in their richest form: tensor, model, data set, table, tree, figure', async () => {
    const tensor = await shown('tf.tensor2d([[1, NaN], [Infinity, 3]])', 'tensor');
    assert.deepEqual(tensor.summary, { min: 1, max: 3, mean: 2, deviation: 1, nan: 1, infinite: 1 });
    const net = await shown('run.model', 'model');
    assert.equal(net.parameters, 8 * 2 + 8 + 8 * 3 + 3);
    const data = await shown('model.data', 'dataset');
    assert.deepEqual(data.balance, { train: [100, 100, 100], test: [30, 30, 30] });
    const rows = await shown('[{ a: 1, b: "x" }, { a: 2, b: "y" }]', 'table');
    assert.deepEqual(rows.page.rows, [
      [1, 'x'],
      [2, 'y'],
    ]);
    await shown('({ deep: { er: [1, 2] } })', 'tree');
    const figure = await shown('plot({ loss: run.history.loss, val: run.history.val_loss }, { title: "t" })', 'figure');
    assert.deepEqual(
      figure.series.map(({ label }) => label),
      ['loss', 'val'],
    );
  });

  it('a circular value, a getter that throws and a proxy are shown, not run', async () => {
    const { root } = await shown('const ring: any = { name: "ring" }; ring.self = ring; ring', 'tree');
    assert.equal(root.children?.find(({ key }) => key === 'self')?.type, 'circular');
    await shown('({ get bad() { throw new Error("no") }, ok: 1 })', 'tree');
    const { end } = await notebook.run('new Proxy({}, { ownKeys() { throw new Error("no") } })');
    assert.notEqual(end.error?.code, 'INTERNAL');
  });

  it('show and [display] show in the order of the calls, in forms of their own', async () => {
    const ran = await notebook.run(
      'await show(1, "two"); class Board { [display]() { return { "text/html": "<b>3</b>" } } } await show(new Board()); "four"',
    );
    const texts = ran.events.flatMap((event) => (event.kind === 'show' ? [event.output.items] : []));
    assert.deepEqual(
      texts.map((items) => items['text/html'] ?? items['text/plain']),
      ['1', 'two', '<b>3</b>', 'four'],
    );
  });

  it('a long tensor is read by pages, and never shipped whole', async () => {
    const display = await shown('tf.range(0, 100000).reshape([10000, 10])', 'tensor');
    assert.equal(display.page.rows, 100);
    const kernel = await notebook.kernel();
    const { page } = await kernel.request('kernel/page', { handle: display.handle!, from: 9990, count: 100 });
    assert.ok(page?.kind === 'tensor');
    assert.equal(page.rows, 10);
    const first = Buffer.from(page.values, 'base64').readFloatLE(0);
    assert.equal(first, 99900);
    assert.deepEqual(await kernel.request('kernel/page', { handle: 'none', from: 0, count: 1 }), {});
  });

  it('a control gives its value, keeps what was chosen, and sets the variable that was declared with it', async () => {
    const cell = { cell: 'cell:c' };
    const source = 'const rate = input.slider("rate", { min: 0, max: 1, value: 0.25 })';
    const ran = await notebook.run(source, cell);
    const [display] = displays(ran);
    assert.ok(display?.kind === 'control');
    assert.equal(display.value, 0.25);
    assert.equal(await notebook.value('rate'), '0.25');
    const kernel = await notebook.kernel();
    const { control } = display;
    assert.deepEqual(await kernel.request('kernel/setControl', { control, value: 0.5 }), { names: ['rate'] });
    assert.equal(await notebook.value('rate'), '0.5');
    assert.deepEqual((await notebook.run('rate * 2')).end.uses, ['rate']);
    for (const value of [2, 'x', [1], Number.NaN])
      assert.deepEqual(await kernel.request('kernel/setControl', { control, value }), { names: [] }, String(value));
    assert.equal(await notebook.value('rate'), '0.5');
    await notebook.run(source, cell);
    assert.equal(await notebook.value('rate'), '0.5', 'a cell that runs again keeps what was chosen');
    await notebook.run('const shape = input.drawing("digit", [4, 4])', cell);
    const drawn = Array.from({ length: 16 }, (_, index) => (index === 5 ? 1 : 0));
    await kernel.request('kernel/setControl', { control: 'cell:c digit', value: drawn });
    assert.deepEqual(await json('[shape.shape, [...shape.dataSync()]]'), [[4, 4], drawn]);
  });

  it('what is wrong with an argument is said with its name and place', async () => {
    await refused('await train({})', 'CELL_ARGUMENT', 'train: experiment');
    await refused('await train(model, { epochs: 0.5 })', 'CELL_ARGUMENT', 'train: epochs');
    await refused('await evaluate({})', 'CELL_ARGUMENT', 'evaluate: run');
    await refused('await evaluate(run, "all")', 'CELL_ARGUMENT', 'evaluate: split');
    await refused('predict(run, [1, 2])', 'CELL_ARGUMENT', 'predict: x');
    await refused('const gone = tf.ones([1, 2]); gone.dispose(); predict(run, gone)', 'CELL_ARGUMENT', 'predict: x');
    await refused('plot("x")', 'CELL_ARGUMENT', 'plot');
    await refused('plot({ a: [1, 2] }, { x: [1] })', 'CELL_ARGUMENT', 'plot: a');
    await refused('plot([1], { kind: "pie" })', 'CELL_ARGUMENT', 'plot: kind');
    await refused('input.slider("a", { min: 2, max: 1 })', 'CELL_ARGUMENT', 'input.slider: max');
    await refused('input.slider("a", { min: 0, max: 1, log: true })', 'CELL_ARGUMENT', 'input.slider: min');
    await refused('input.choice("a", [])', 'CELL_ARGUMENT', 'input.choice: options');
    await refused('input.text("")', 'CELL_ARGUMENT', 'input.text: label');
    await refused('await examples(model.data, { from: 1000 })', 'CELL_ARGUMENT', 'examples: from');
  });

  it('a training that is wrong fails its cell with the error of the run, and the next cell runs', async () => {
    const { end } = await notebook.run(
      'await train(experiment({ ...model, model: () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [7], units: 3 })] }) }))',
    );
    assert.equal(end.state, 'failed');
    assert.equal(end.error?.code, 'MODEL_SHAPE');
    assert.equal(await notebook.value('1 + 1'), '2');
  });

  it('an interrupt stops a training, which keeps its points', async () => {
    const kernel = await notebook.kernel();
    const request = notebook.request('await train(model, { epochs: 100000 })');
    const going = kernel.request('cell/execute', request);
    for (;;) {
      const { runs } = await listRuns(notebook.bench.runs);
      if (runs.some(({ record }) => record.state === 'training' && record.points > 0)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await kernel.request('cell/interrupt', { ticket: request.ticket });
    assert.equal((await going).state, 'cancelled');
    const { runs } = await listRuns(notebook.bench.runs);
    const stopped = runs.find(({ record }) => record.state === 'stopped');
    assert.equal(stopped?.record.end?.reason, 'stoppedByUser');
    assert.ok((await readPoints(stopped.folder)).length > 0);
  });

  it('elsewhere than in a cell they say so', async () => {
    const lab = await import('../../../src/lab');
    assert.throws(() => lab.plot([1]), { code: 'CELL_OUTSIDE' });
    await assert.rejects(lab.train({} as never), { code: 'CELL_OUTSIDE' });
    assert.throws(() => lab.input.text('a'), { code: 'CELL_OUTSIDE' });
  });
});

/** Talking to a process that may never answer, may die, and may be called off: real processes, really killed. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { Worker } from '../../../src/client/processes/worker';
import type { TrainerRole } from '../../../src/protocol/launch';
import { ROLES, type RequestName } from '../../../src/protocol/trainer';
import type { LabError, LabErrorCode } from '../../../src/protocol/errors';
import { isAlive } from '../faults/support';
import { modelText } from '../inspection/models';
import { Bench } from '../trainer/support';

const isCode =
  (code: LabErrorCode) =>
  (error: LabError): boolean =>
    error.code === code;

describe('a worker', function () {
  this.timeout(120_000);
  let bench: Bench;
  let worker: Worker;
  beforeEach(() => {
    bench = new Bench();
    worker = bench.worker({ role: 'inspection' });
  });
  afterEach(() => bench.dispose());

  const inspect = (source: string) => ({ modelFile: path.join(bench.folder, 'model.ts'), source });
  const endless = (): ReturnType<typeof inspect> => inspect(`for (;;) {}\n${modelText()}`);
  const pid = async (): Promise<number> => {
    const outcome = await worker.run({ seconds: 60 }, (trainer) => Promise.resolve(trainer.hello.pid));
    assert.ok(outcome.kind === 'done');
    return outcome.value;
  };

  it('keeps its process from one piece of work to the next', async () => {
    assert.equal(await pid(), await pid());
  });

  it('whose process was killed while it had nothing to do has another one for the next work', async () => {
    const first = await pid();
    process.kill(first, 'SIGKILL');
    const outcome = await worker.run({ seconds: 60 }, (trainer) =>
      trainer.request('model/inspect', inspect(modelText())),
    );
    // The signal may arrive after the request: then the caller is told that the process has died.
    if (outcome.kind !== 'died') assert.equal(outcome.kind, 'done');
    assert.notEqual(await pid(), first);
  });

  it('ends the process of work that takes too long, and the next work gets another one', async () => {
    const first = await pid();
    const outcome = await worker.run({ seconds: 0.5 }, (trainer) => trainer.request('model/inspect', endless()));
    assert.deepEqual(outcome, { kind: 'late', seconds: 0.5 });
    assert.equal(isAlive(first), false);
    assert.notEqual(await pid(), first);
  });

  it('grants more time where the work asks for it', async () => {
    const outcome = await worker.run({ seconds: 0.05 }, async (trainer, postpone) => {
      postpone(60);
      return await trainer.request('model/inspect', inspect(modelText()));
    });
    assert.equal(outcome.kind, 'done');
  });

  it('says how its process ended in the middle of the work', async () => {
    const first = await pid();
    const outcome = await worker.run({ seconds: 60 }, (trainer) => {
      const answer = trainer.request('model/inspect', endless());
      process.kill(first, 'SIGKILL');
      return answer;
    });
    assert.ok(outcome.kind === 'died');
    assert.equal(outcome.death.code, 'TRAINER_DIED');
    assert.equal(outcome.death.found, 'SIGKILL');
  });

  it('called off while it works ends the process; called off while it waits ends nothing', async () => {
    const first = await pid();
    const [running, waiting] = [new AbortController(), new AbortController()];
    let isOver = false;
    const begun = new Promise<void>((resolve) => {
      const terms = { seconds: 600, signal: running.signal };
      const work = worker.run(terms, (trainer) => {
        resolve();
        return trainer.request('model/inspect', endless());
      });
      void assert.rejects(work, isCode('CANCELLED')).finally(() => (isOver = true));
    });
    await begun;
    const second = worker.run({ seconds: 600, signal: waiting.signal }, () => assert.fail('it never has its turn'));
    waiting.abort();
    await assert.rejects(second, isCode('CANCELLED'));
    assert.equal(isOver, false);
    assert.equal(isAlive(first), true);
    running.abort();
    assert.notEqual(await pid(), first);
    assert.equal(isAlive(first), false);
  });

  it('that was disposed takes no more work', async () => {
    await pid();
    worker.dispose();
    await assert.rejects(pid(), isCode('CANCELLED'));
  });
});

describe('a request', function () {
  this.timeout(120_000);
  let bench: Bench;
  before(() => (bench = new Bench()));
  after(() => bench.dispose());

  it('to a trainer that was killed meanwhile says how it ended, and so does the next', async () => {
    const trainer = await bench.trainer({ role: 'inspection' });
    const modelFile = bench.modelFile(modelText());
    const pending = trainer.request('model/inspect', { modelFile, source: `for (;;) {}\n${modelText()}` });
    process.kill(trainer.hello.pid, 'SIGKILL');
    await assert.rejects(pending, isCode('TRAINER_DIED'));
    assert.equal(trainer.isOpen, false);
    await assert.rejects(trainer.request('model/inspect', { modelFile }), isCode('TRAINER_DIED'));
  });

  for (const role of ['training', 'inspection', 'grading', 'kernel'] as const satisfies readonly TrainerRole[]) {
    it(`that is for another role is refused by a trainer of the role ${role}, whatever it holds`, async () => {
      const trainer = await bench.trainer({ role });
      const others = (Object.keys(ROLES) as RequestName[]).filter((name) => ROLES[name]?.includes(role) === false);
      assert.ok(others.length > 0);
      for (const name of others) await assert.rejects(trainer.request(name, {}), isCode('TRAINER_ROLE'), name);
    });
  }
});

/** What the driver's own program answers, asked of a real process in its place. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { checkGpu } from '../../../src/client/machine/gpu';
import { askNvidia, type NvidiaAnswer } from '../../../src/client/machine/nvidia';
import { Folder } from '../setup/folder';
import { machineIn } from './support';

describe('an NVIDIA GPU', () => {
  let folder: Folder;
  let bin: string;
  beforeEach(() => {
    folder = new Folder();
    bin = folder.bin('sh');
  });
  afterEach(() => {
    folder.dispose();
  });

  /** Notes how it was called. */
  function nvidiaSmi(lines: string): void {
    folder.write('bin/nvidia-smi', `#!${bin}/sh\necho "$@" > "${folder.at('asked')}"\n${lines}\n`, 0o755);
  }
  const env = (): NodeJS.ProcessEnv => ({ PATH: bin });
  const ask = (): Promise<NvidiaAnswer> => askNvidia(env(), 'linux-x64');
  const check = (): ReturnType<typeof checkGpu> => checkGpu(machineIn(folder, { env: env() }), 'linux-x64');
  const prepare = (): string => folder.write('cache/engine/gpu/engine.json', '{}');

  it('is there when the driver names it, also one whose name has a comma', async () => {
    nvidiaSmi('echo "NVIDIA GeForce RTX 3060, 550.54.15"; echo "NVIDIA X, rev. 2, 550.54.15"');
    assert.deepEqual(await ask(), {
      kind: 'ready',
      gpus: ['NVIDIA GeForce RTX 3060', 'NVIDIA X, rev. 2'],
      driver: '550.54.15',
    });
  });

  it('is none without a driver, and without Linux on x64 nobody is asked', async () => {
    assert.deepEqual(await ask(), { kind: 'none' });
    nvidiaSmi('echo "NVIDIA T4, 550.54.15"');
    assert.deepEqual(await askNvidia(env(), 'win32-x64'), { kind: 'none' });
    assert.ok(!fs.existsSync(folder.at('asked')));
  });

  it('cannot be used with a driver that is too old for CUDA 12, or that does not answer, or names none', async () => {
    const reason = async (): Promise<string> => {
      const answer = await ask();
      return answer.kind === 'unusable' ? answer.reason : answer.kind;
    };
    nvidiaSmi('echo "NVIDIA T4, 470.82.01"');
    assert.match(await reason(), /470\.82\.01; 525\.60\.13 is needed/);
    nvidiaSmi('echo "NVIDIA-SMI has failed because it could not"; echo "communicate with the NVIDIA driver."; exit 9');
    assert.match(await reason(), /NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver\./);
    nvidiaSmi('echo "No devices were found"');
    assert.match(await reason(), /names no GPU/);
    nvidiaSmi('kill -9 $$');
    assert.match(await reason(), /nvidia-smi/);
  });

  it('in Check Set-up: nothing is said without a driver; with one, what brings TensorFlow for it', async () => {
    assert.equal(await check(), undefined);
    nvidiaSmi('echo "NVIDIA T4, 550.54.15"');
    const offered = await check();
    assert.equal(offered?.verdict, 'note');
    assert.match(offered.found, /^NVIDIA T4, driver 550\.54\.15\.\n/);
    assert.match(offered.remedy ?? '', /npm run engine -- --gpu/);
    assert.equal(offered.action, 'prepareGpuEngine');
    prepare();
    const prepared = await check();
    assert.equal(prepared?.verdict, 'good');
    assert.equal(prepared.action, undefined);
  });

  it('in Check Set-up: a driver that went, or that is too old, is told with what to do', async () => {
    prepare();
    const gone = await check();
    assert.equal(gone?.verdict, 'note');
    assert.match(gone.found, /no NVIDIA driver answers/);
    assert.match(gone.remedy ?? '', /nvidia-smi/);
    nvidiaSmi('echo "NVIDIA T4, 470.82.01"');
    assert.match((await check())?.found ?? '', /470\.82\.01/);
  });

  it('is asked for by name and driver', async () => {
    nvidiaSmi('echo "NVIDIA T4, 550.54.15"');
    await ask();
    assert.equal(
      fs.readFileSync(folder.at('asked'), 'utf8'),
      '--query-gpu=name,driver_version --format=csv,noheader\n',
    );
  });
});

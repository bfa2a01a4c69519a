/** In Chromium: the same models, trained as tfjs does it there. `wasm` is without the kernels that this product adds. */
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { eager, type Contender } from '../step/contenders';
import { models } from '../step/models';

setWasmPaths('/wasm/');

let current: { readonly key: string; readonly contender: Contender } | undefined;

/** Mean milliseconds a step over one round; the first call for a model and backend builds it. */
async function time(name: string, backend: string): Promise<number> {
  const key = `${name} ${backend}`;
  if (current?.key !== key) {
    await current?.contender.dispose();
    await tf.setBackend(backend);
    await tf.ready();
    current = { key, contender: eager(models.find((model) => model.name === name)!) };
  }
  return await current.contender.round();
}

Object.assign(globalThis, { time });

/** TensorFlow's wheel. */
import path from 'node:path';
import type { SetupContext } from '../context';
import type { Wheel } from '../pip';
import { TENSORFLOW_VERSION, WHEEL_PYTHON, type EngineTarget } from './target';

export function tensorflowWheel({ distribution, wheelPlatform }: EngineTarget, { paths }: SetupContext): Wheel {
  return {
    title: `TensorFlow ${TENSORFLOW_VERSION}`,
    distribution,
    version: TENSORFLOW_VERSION,
    folder: path.join(paths.cache, 'downloads', `${distribution}-${TENSORFLOW_VERSION}-${wheelPlatform}`),
    target: ['--python-version', WHEEL_PYTHON, '--platform', wheelPlatform],
  };
}

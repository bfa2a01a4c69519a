/** Fetches TensorFlow's wheel with pip, which checks its hash; nothing is installed into any Python. */
import fs from 'node:fs';
import path from 'node:path';
import type { SetupContext } from '../context';
import { makeFolder } from '../partial';
import { pipDownload } from '../pip';
import { TENSORFLOW_VERSION, WHEEL_PYTHON, type EngineTarget } from './target';

/** Path of the wheel; one that was fetched before an interruption is used again. */
export async function fetchWheel(target: EngineTarget, pip: readonly string[], context: SetupContext): Promise<string> {
  const folder = wheelFolder(target, context);
  if (!fs.existsSync(folder)) {
    await makeFolder(folder, (partial) =>
      pipDownload(
        pip,
        {
          requirement: `${target.distribution}==${TENSORFLOW_VERSION}`,
          title: `TensorFlow ${TENSORFLOW_VERSION}`,
          options: ['--only-binary=:all:', '--python-version', WHEEL_PYTHON, '--platform', target.wheelPlatform],
          folder: partial,
        },
        context,
      ),
    );
  }
  const wheel = fs.readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`No wheel in ${folder}.`);
  return path.join(folder, wheel);
}

export function wheelFolder(target: EngineTarget, context: SetupContext): string {
  const name = `${target.distribution}-${TENSORFLOW_VERSION}-${target.wheelPlatform}`;
  return path.join(context.paths.cache, 'downloads', name);
}

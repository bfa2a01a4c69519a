/** Takes the two libraries and the C headers out of the wheel; the other 10,000 files stay in it. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import { inside, isDamage, unzip } from '../unzip';
import type { EngineTarget } from './target';

/** Where these C headers, and what they include, lie in the wheel. */
const HEADERS =
  /^tensorflow\/include\/((?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/;

/** The licences of all that is inside the libraries. */
export const NOTICES = 'THIRD_PARTY_NOTICES.txt';

/**
 * Writes the libraries and their notices into `libraryFolder` and the headers into `includeFolder`.
 * @throws LabError SETUP_STEP_FAILED when the file is damaged or is not the wheel we expect.
 */
export async function unpackWheel(
  wheel: string,
  target: EngineTarget,
  libraryFolder: string,
  includeFolder: string,
  context: SetupContext,
): Promise<void> {
  const missing = new Set<string>(target.libraries);
  let headers = 0;
  const wanted = (name: string): string | undefined => {
    const library = target.libraries.find((file) => name === `tensorflow/${file}`);
    if (library !== undefined) {
      missing.delete(library);
      context.report?.update(l10n.t('unpacking {0}', library));
      return path.join(libraryFolder, library);
    }
    if (name === `tensorflow/${NOTICES}`) return path.join(libraryFolder, NOTICES);
    const header = HEADERS.exec(name)?.[1];
    if (header === undefined) return undefined;
    headers++;
    return inside(includeFolder, header);
  };
  try {
    await unzip(wheel, wanted, context.signal);
  } catch (error) {
    if (isDamage(error)) throw damaged(wheel, error.message, error);
    throw error;
  }
  if (missing.size > 0) throw damaged(wheel, `${[...missing].join(', ')} is not in it`);
  if (headers === 0) throw damaged(wheel, 'no headers are in it');
}

function damaged(wheel: string, reason: string, cause?: unknown): Error {
  // The next run shall fetch it anew.
  fs.rmSync(path.dirname(wheel), { recursive: true, force: true });
  return stepFailed(
    l10n.t('The downloaded TensorFlow is damaged: {0}.', reason),
    l10n.t('It was deleted; run the command again to download it anew.'),
    wheel,
    cause,
  );
}

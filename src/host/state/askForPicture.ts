import { toErrorData, type LabErrorData } from '../../protocol/errors';
import type { PictureSettings } from '../../protocol/textPictures';
import { pictureGone } from '../../words/pictures/gone';
import type { TrainerPool } from './pool';

/** Asks the trainer that has the model of a run. @returns why there is no such picture; undefined: it is on its way */
export async function askForPicture(
  pool: TrainerPool,
  folder: string,
  settings: PictureSettings,
): Promise<LabErrorData | undefined> {
  try {
    const session = pool.ofRun(folder);
    if (session?.run === undefined) throw pictureGone();
    await session.trainer.request('run/setPicture', { runId: session.run.record.id, settings });
    return undefined;
  } catch (error) {
    return toErrorData(error);
  }
}

/** The size that all pictures of a data set are brought to, as a learner says it. */
import * as l10n from '@vscode/l10n';
import { checkInteger, invalid } from '../../check';
import type { Fit, Frame } from './resize';

const FITS: readonly Fit[] = ['cover', 'contain', 'stretch'];
const LARGEST_SIDE = 1024;
/** Node.js reads no larger file, and they are kept in one. */
const MOST_BYTES = 2e9;

/** @throws LabError EXPERIMENT_INVALID */
export function checkFrame(owner: string, given: Readonly<Record<string, unknown>>, usual: Fit): Frame {
  const field = (name: string): string => `${owner}: ${name}`;
  const { size, channels = 3, fit = usual } = given;
  if (!Array.isArray(size) || size.length !== 2)
    throw invalid({ field: field('size'), expected: l10n.t('[height, width], e.g. {0}', '[96, 96]'), found: size });
  const sides = (size as unknown[]).map((side, place) =>
    checkInteger(field(`size[${place}]`), side, { min: 1, max: LARGEST_SIDE }),
  );
  if (channels !== 1 && channels !== 3)
    throw invalid({ field: field('channels'), expected: l10n.t('3 (colours) or 1 (grey)'), found: channels });
  const known = FITS.find((one) => one === fit);
  if (known === undefined)
    throw invalid({ field: field('fit'), expected: FITS.map((one) => `'${one}'`).join(', '), found: fit });
  return { height: sides[0] ?? 0, width: sides[1] ?? 0, channels, fit: known };
}

/** @throws LabError EXPERIMENT_INVALID for more than can be kept */
export function checkTotal(owner: string, pictures: number, { height, width, channels }: Frame): void {
  const most = Math.floor(MOST_BYTES / (height * width * channels));
  if (pictures <= most) return;
  throw invalid({
    field: `${owner}: size`,
    expected: l10n.t('at most {0} pictures of this size', most),
    found: pictures,
    remedy: l10n.t('Choose a smaller size.'),
  });
}

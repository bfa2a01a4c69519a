/** What a learner sets of how text is drawn. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';
import type { SamplingSettings } from '../../protocol/textPictures';

/** @throws LabError PICTURE_SETTING */
export function checkSampling({ temperature, topP }: Pick<SamplingSettings, 'temperature' | 'topP'>): void {
  checkSetting('temperature', temperature, temperature >= 0 && temperature <= 2, '0 … 2');
  checkSetting('topP', topP, topP > 0 && topP <= 1, '> 0, ≤ 1');
}

/** @throws LabError PICTURE_SETTING */
export function checkSetting(name: string, found: number, isInside: boolean, expected: string): void {
  if (Number.isFinite(found) && isInside) return;
  throw new LabError({
    code: 'PICTURE_SETTING',
    message: l10n.t('{0}: expected {1}, found {2}.', name, expected, String(found)),
    expected,
    found: String(found),
  });
}

// mistake: nothingFree
import { HEAD_RATE } from '../../../model';

export function fineTuning(body: readonly string[]): { layers: readonly string[]; rate: number } {
  return { layers: [], rate: HEAD_RATE / 10 };
}

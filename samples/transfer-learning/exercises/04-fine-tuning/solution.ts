import { HEAD_RATE } from '../../model';

export function fineTuning(body: readonly string[]): { layers: readonly string[]; rate: number } {
  return { layers: body.slice(-1), rate: HEAD_RATE / 10 };
}

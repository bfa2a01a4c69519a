import type { LoadContext } from '../dataset';
import { outsideOfCell } from './outside';

let provide: (() => LoadContext) | undefined;

/** Called once by the process that runs cells: where data is found when a cell says `data.load()`. */
export function provideLoadContext(provider: () => LoadContext): void {
  provide = provider;
}

/** What was given, or what the running cell has. @throws LabError CELL_OUTSIDE */
export function loadContext(given: LoadContext | undefined): LoadContext {
  const context = given ?? provide?.();
  if (context === undefined) throw outsideOfCell('load');
  return context;
}

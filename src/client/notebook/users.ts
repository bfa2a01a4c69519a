import type { CellEnd } from '../../protocol/kernel';

export type Names = Pick<CellEnd, 'declares' | 'uses'>;

/**
 * Which cells use one of the names, or what such a cell declares, in their order. A cell that declares a name anew does
 * not use the older one's value.
 *
 * @param cells What each cell declares and uses; undefined: it was never executed.
 */
export function usersOf(cells: readonly (Names | undefined)[], names: readonly string[]): number[] {
  const changed = new Set(names);
  return cells.flatMap((cell, index) => {
    if (cell === undefined) return [];
    const isUser = cell.uses.some((name) => changed.has(name));
    for (const name of cell.declares) {
      if (isUser) changed.add(name);
      else if (!names.includes(name)) changed.delete(name);
    }
    return isUser ? [index] : [];
  });
}

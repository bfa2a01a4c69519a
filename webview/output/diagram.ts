/** Where the boxes of a graph stand: each below all that it takes something of. */

export interface Arranged {
  readonly row: number;
  readonly column: number;
}

/**
 * @param inputs for each node, the places of those that it takes something of; each before it
 * @returns a place for each node, in rows from the top, and how many rows and columns there are. A node stands below the
 *   middle of its inputs where that place is free.
 */
export function arrange(inputs: readonly (readonly number[])[]): {
  readonly places: readonly Arranged[];
  readonly rows: number;
  readonly columns: number;
} {
  const rows: number[] = [];
  for (const [node, own] of inputs.entries())
    rows[node] = own.reduce((row, input) => Math.max(row, (rows[input] ?? -1) + 1), 0);
  const taken = new Set<string>();
  const columns: number[] = [];
  for (const [node, own] of inputs.entries()) {
    const row = rows[node] ?? 0;
    const above = own.flatMap((input) => columns[input] ?? []);
    const wanted = above.length === 0 ? 0 : Math.round(above.reduce((sum, column) => sum + column, 0) / above.length);
    const isFree = (column: number): boolean => column >= 0 && !taken.has(`${row} ${column}`);
    let column = wanted;
    for (let away = 0; !isFree(column); away++) {
      column = [wanted + away, wanted - away].find(isFree) ?? column;
    }
    taken.add(`${row} ${column}`);
    columns[node] = column;
  }
  return {
    places: rows.map((row, node) => ({ row, column: columns[node] ?? 0 })),
    rows: Math.max(0, ...rows.map((row) => row + 1)),
    columns: Math.max(0, ...columns.map((column) => column + 1)),
  };
}

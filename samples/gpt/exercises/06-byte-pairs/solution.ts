function learnMerges(words: string[], count: number): [string, string][] {
  let rows: string[][] = words.map((word) => Array.from(word));
  const merges: [string, string][] = [];
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (const row of rows) {
      for (let i = 0; i + 1 < row.length; i++) {
        const pair = `${row[i]} ${row[i + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const best = [...counts].sort((a, b) => b[1] - a[1]).at(0);
    if (best === undefined) break;
    const [left = '', right = ''] = best[0].split(' ');
    merges.push([left, right]);
    rows = rows.map((row) => {
      const joined: string[] = [];
      for (let i = 0; i < row.length; i++) {
        if (row[i] === left && row[i + 1] === right) {
          joined.push(left + right);
          i++;
        } else joined.push(row[i]);
      }
      return joined;
    });
  }
  return merges;
}

export {};

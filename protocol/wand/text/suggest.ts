// Did you mean: the known name that is nearest to a mistyped one.

/** Edit distance with swapped neighbours counting as one (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i += 1) {
    const row: number[] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      if (i === 0) {
        row.push(j);
        continue;
      }
      const above = rows[i - 1] ?? [];
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** The nearest of `names`, if it is near enough to be meant: two fifths of the longer word may differ. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  if (given.length > 60) return undefined;
  let best: string | undefined;
  let best_distance = Number.MAX_SAFE_INTEGER;
  for (const name of names) {
    const d = distance(given.toLowerCase(), name.toLowerCase());
    if (d < best_distance && d * 5 <= Math.max(given.length, name.length) * 2) {
      best = name;
      best_distance = d;
    }
  }
  return best;
}

/** `: did you mean "wait"?`, or what there is to choose from. */
export function didYouMean(given: string, names: readonly string[]): string {
  const near = nearest(given, names);
  return near === undefined ? `: expected one of ${names.join(", ")}` : `: did you mean "${near}"?`;
}

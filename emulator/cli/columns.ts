// Columns: rows of text, each column as wide as its widest cell.

/** Rows as lines. A cell that is a number alone stands on the right of its column; the last column is as wide as it likes. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) if (i < row.length - 1) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (/^\d+$/.test(cell) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(i === row.length - 1 ? 0 : widths[i] ?? 0))).join("  ").trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

// Columns: rows of text, aligned.

/** Width on a terminal, near enough for what a wand prints. */
const width = (text: string): number => [...text].length;

/** Rows as lines, each column as wide as its widest cell, two spaces between; nothing after the last word of a line. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, width(cell)); });
  return rows.map((row) => row.map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - width(cell))).join("  ").trimEnd());
}

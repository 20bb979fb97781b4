export type Alignment = 'left' | 'right';

/** A Markdown table, padded so that it is readable as plain text too. */
export function markdownTable(
  header: readonly string[],
  alignment: readonly Alignment[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((title, k) => Math.max(title.length, ...rows.map((row) => (row[k] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, k) => (alignment[k] === 'right' ? (cells[k] ?? '').padStart(width) : (cells[k] ?? '').padEnd(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, k) => (alignment[k] === 'right' ? '-'.repeat(width - 1) + ':' : '-'.repeat(width))).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

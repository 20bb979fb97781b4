/** A Markdown table; vertical bars and line ends in cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`.replace(
      / {2,}\|/g,
      ' |',
    );
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

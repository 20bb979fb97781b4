/** One record as a line that DuckDB reads back unchanged. NULL is an empty field, an empty text is quoted. */
export function csvLine(fields: readonly (string | null)[], delimiter: string, newline = '\n'): string {
  return (
    fields
      .map((f) =>
        f === null
          ? ''
          : f === '' || f.includes('"') || f.includes(delimiter) || f.includes('\n') || f.includes('\r')
            ? `"${f.replaceAll('"', '""')}"`
            : f,
      )
      .join(delimiter) + newline
  );
}

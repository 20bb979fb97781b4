/** Equal for names that DuckDB does not distinguish: those that differ only in the case of the letters A to Z. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

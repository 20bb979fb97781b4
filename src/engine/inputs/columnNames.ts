/** The SQL name of a text column of the corpus or the users. It never equals the name of a role. */
export function textColumn(name: string): string {
  return `text ${name}`;
}

/** The SQL name of a column that is copied unchanged. */
export function carriedColumn(name: string): string {
  return `carried ${name}`;
}

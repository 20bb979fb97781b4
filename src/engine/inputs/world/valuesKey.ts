/** Key of a user's values of some attributes; null if one is unknown. */
export function valuesKey(attributes: readonly string[], user: Readonly<Record<string, string | null>>): string | null {
  const values = attributes.map((name) => user[name] ?? null);
  return values.includes(null) ? null : JSON.stringify(values);
}

/** JSON.stringify for data: -0 stays negative, with a fraction, because some readers take -0 for the integer 0. */
export function jsonText(value: unknown): string {
  if (Object.is(value, -0)) return '-0.0';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, own]) => own !== undefined);
  return `{${fields.map(([name, own]) => `${JSON.stringify(name)}:${jsonText(own)}`).join(',')}}`;
}

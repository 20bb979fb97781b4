import { foldName } from './foldName.ts';
import { quoteIdentifier } from './quote.ts';

/** A quoted name that no column has. `wanted`: in lower case. */
export function freeName(wanted: string, columns: readonly { readonly name: string }[]): string {
  const taken = new Set(columns.map(({ name }) => foldName(name)));
  let name = wanted;
  while (taken.has(name)) name = `@${name}`;
  return quoteIdentifier(name);
}

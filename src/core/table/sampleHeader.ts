import { rolesOfNames } from './guessRoles.ts';
import type { Format } from './sampleName.ts';

/**
 * True if the column names of a text file indicate a sample: a user or an item, and at least one more role. `head`: the
 * first bytes of the file as text.
 */
export function hasSampleHeader(head: string, format: Format): boolean {
  const roles = rolesOfNames(columnNames(head.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '', format));
  return (roles.has('user') || roles.has('item') || roles.has('positive-item')) && roles.size >= 2;
}

/** Column names in the first line, which may be cut. */
function columnNames(line: string, format: Format): readonly string[] {
  if (format === 'jsonl') return [...line.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map(([, name = '']) => name);
  return line.split(/[,;\t|]/).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}

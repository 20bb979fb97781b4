import type { ConfigDocument } from '../config/document.ts';
import type { Entry } from '../config/entries.ts';
import { insertPair, setValue } from '../config/edits.ts';
import type { TextChange } from '../config/problem.ts';
import type { ConfigPath, ScalarNode } from '../config/tree.ts';
import { written } from '../config/written.ts';

/** The scalar with the amount of an entry, and its path. Null if it is a variable, or comes from an alias. */
export function amountOf(
  { path }: Entry,
  key: 'share' | 'count',
  document: ConfigDocument,
): { readonly path: ConfigPath; readonly node: ScalarNode } | null {
  const entry = document.locate(path).value;
  if (!entry || entry.alias) return null;
  const at = entry.kind === 'map' ? [...path, key] : path;
  const node = document.has(at) ? document.locate(at).value : null;
  return node?.kind === 'scalar' && !node.alias && typeof node.value === 'number' ? { path: at, node } : null;
}

/** Sets an option of an entry; a shorthand becomes a map. */
export function setOption(
  { path, share, quota }: Entry,
  name: string,
  value: string,
  document: ConfigDocument,
): TextChange[] {
  const node = document.locate(path).value;
  if (node?.kind === 'map')
    return document.has([...path, name])
      ? setValue(document, [...path, name], value)
      : insertPair(document, path, name, value);
  if (node?.kind !== 'scalar') return [];
  const amount = `${written(share === null ? 'count' : 'share', document.language)}: ${node.quoted ? written(String(node.value), document.language) : document.text.slice(node.span.start, node.span.end)}`;
  return share === null && quota === null
    ? []
    : setValue(document, path, `{${amount}, ${written(name, document.language)}: ${value}}`);
}

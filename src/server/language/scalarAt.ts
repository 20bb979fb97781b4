import { keyOf, type ConfigNode, type ConfigPath, type ScalarNode } from '../../core/config/tree.ts';

/** The scalar value (not a key) at an offset, with its path; null if there is none. */
export function scalarAt(
  node: ConfigNode | null,
  offset: number,
  path: ConfigPath = [],
): { readonly node: ScalarNode; readonly path: ConfigPath } | null {
  if (!node || node.alias === true || offset < node.span.start || offset > node.span.end) return null;
  if (node.kind === 'scalar') return { node, path };
  const children: (readonly [string | number, ConfigNode | null])[] =
    node.kind === 'list'
      ? node.items.map((item, k) => [k, item] as const)
      : node.pairs.map((pair) => [keyOf(pair), pair.value] as const);
  for (const [step, child] of children) {
    const found = scalarAt(child, offset, [...path, step]);
    if (found) return found;
  }
  return null;
}

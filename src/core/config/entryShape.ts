import type { DependentShape, RecordShape } from './shape.ts';
import { valueOf, type ConfigNode, type ScalarNode } from './tree.ts';

/**
 * The fields of the entry `name`: those of the source that its key `source` names, else of the source of its own name. `valueIn` reads the
 * scalar of `source`: who knows the variables puts their values in; undefined where one has none.
 */
export function entryShape(
  { cases, otherwise }: DependentShape,
  name: string,
  entry: ConfigNode | null,
  valueIn: (scalar: ScalarNode) => ScalarNode['value'] | undefined = ({ value }) => value,
): RecordShape {
  const source = valueOf(entry, 'source');
  const key = source?.kind === 'scalar' ? String(valueIn(source)) : name;
  return (Object.hasOwn(cases, key) ? cases[key] : undefined) ?? otherwise;
}

import type { DependentShape, RecordShape } from '../schema/shape.ts';
import { valueOf, type ConfigNode, type ScalarNode } from './tree.ts';

/**
 * The fields of an entry: of the source in its key `source`, else of the source with the entry's name. `valueIn` reads
 * the scalar of `source`, for example with variables; undefined: a variable has no value.
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

import { ratioConfig } from '../definition/config.ts';
import { entryShape } from '../entryShape.ts';
import { alternatives, type Field, type PlainShape, type Shape } from '../../schema/shape.ts';
import { mapShape } from '../../schema/mapShape.ts';
import { childOf, keyOf, type ConfigNode, type ConfigPath } from '../tree.ts';

/** Allowed values at a place of the config, and their documentation. */
export interface Place {
  /** The alternatives; empty if nothing is known. */
  readonly shapes: readonly PlainShape[];
  /** The field of the record that the value belongs to; null in lists and under names that the author chooses. */
  readonly field: Field | null;
}

/** Finds the shapes allowed at a path. The nodes along the path determine the source of an entry. */
export function placeAt(root: ConfigNode | null, path: ConfigPath, top: Shape = ratioConfig): Place {
  let place: Place = { shapes: alternatives(top), field: null };
  let node: ConfigNode | null | undefined = root;
  let name: string | number | undefined;
  for (const step of path) {
    place = stepInto(place, step, node ?? null, name);
    node = childOf(node, step);
    name = step;
  }
  return place;
}

function stepInto(
  { shapes }: Place,
  step: string | number,
  node: ConfigNode | null,
  name: string | number | undefined,
): Place {
  if (typeof step === 'number')
    return { shapes: shapes.flatMap((shape) => (shape.kind === 'list' ? alternatives(shape.item) : [])), field: null };
  const fields: Field[] = [];
  const values: PlainShape[] = [];
  const maps = shapes.filter(({ kind }) => kind === 'record' || kind === 'dictionary');
  const [only] = maps.length > 1 ? [mapShape(maps, (key) => childOf(node, key) !== undefined)] : [];
  for (const shape of only ? [only] : shapes) {
    const record =
      shape.kind === 'record' ? shape : shape.kind === 'dependent' ? entryShape(shape, String(name), node) : null;
    const field = record && Object.hasOwn(record.fields, step) ? record.fields[step] : undefined;
    if (field) {
      fields.push(field);
      values.push(...alternatives(field.shape));
    } else if (shape.kind === 'dictionary') values.push(...alternatives(shape.value));
  }
  return { shapes: values, field: fields[0] ?? null };
}

/** Keys of a map, in their order. */
export function keysOf(node: ConfigNode | null | undefined): string[] {
  return node?.kind === 'map' ? node.pairs.map(keyOf) : [];
}

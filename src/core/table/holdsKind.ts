import type { LogicalType } from './type.ts';

/** True if a type, or a type nested in it (element, field, key or value), is of a kind. */
export function holdsKind(type: LogicalType, kind: LogicalType['kind']): boolean {
  return holdsType(type, (part) => part.kind === kind);
}

/** True if a type, or a type nested in it, passes a test. */
export function holdsType(type: LogicalType, test: (type: LogicalType) => boolean): boolean {
  if (test(type)) return true;
  switch (type.kind) {
    case 'list':
      return holdsType(type.item, test);
    case 'struct':
      return type.fields.some((field) => holdsType(field.type, test));
    case 'map':
      return holdsType(type.key, test) || holdsType(type.value, test);
    default:
      return false;
  }
}

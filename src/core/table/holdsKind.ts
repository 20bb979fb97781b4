import type { LogicalType } from './type.ts';

/** Whether a type is of a kind, or has a part of that kind: an element, a field, a key or a value. */
export function holdsKind(type: LogicalType, kind: LogicalType['kind']): boolean {
  return holdsType(type, (part) => part.kind === kind);
}

/** Whether a type, or one of its parts, passes a test. */
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

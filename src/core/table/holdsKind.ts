import type { LogicalType } from './type.ts';

/** Whether a type is of a kind, or has a part of that kind: an element, a field, a key or a value. */
export function holdsKind(type: LogicalType, kind: LogicalType['kind']): boolean {
  if (type.kind === kind) return true;
  switch (type.kind) {
    case 'list':
      return holdsKind(type.item, kind);
    case 'struct':
      return type.fields.some((field) => holdsKind(field.type, kind));
    case 'map':
      return holdsKind(type.key, kind) || holdsKind(type.value, kind);
    default:
      return false;
  }
}

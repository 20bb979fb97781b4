import { fail, type Failure, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { formatCount } from '../../core/table/format.ts';
import { isNested, type LogicalType } from '../../core/table/type.ts';

/**
 * Most items of a nested value that is made into text. DuckDB's memory limit does not count the texts of items, which
 * take 65 to 130 bytes each.
 */
const MAX_ITEMS = 1_000_000;
/** Text by which `readFailure` recognizes the error. The number of items follows. */
export const tooManyItems = 'too many items: ';

/** SQL of the number of items of a value, with those of its lists and maps at every depth; null: its type has none. */
function itemsOf(expression: string, type: LogicalType, depth: number): string | null {
  const inside = (items: string, item: LogicalType): string => {
    const deeper = itemsOf(`i${depth}`, item, depth + 1);
    const own = `coalesce(len(${items}), 0)`;
    return deeper === null
      ? own
      : `${own} + coalesce(list_sum(list_transform(${items}, lambda i${depth}: ${deeper})), 0)`;
  };
  switch (type.kind) {
    case 'list':
      return inside(expression, type.item);
    case 'map':
      return inside(`map_values(${expression})`, type.value);
    case 'struct': {
      const fields = type.fields.flatMap(
        (field, k) => itemsOf(`struct_extract_at(${expression}, ${k + 1})`, field.type, depth) ?? [],
      );
      return fields.length === 0 ? null : fields.join(' + ');
    }
    default:
      return null;
  }
}

/** `sql` of a value, or `instead` if the value has too many items for a text. Both are of one type. */
export function ifFewItems(expression: string, type: LogicalType, sql: string, instead = refusal): string {
  const items = isNested(type) ? itemsOf(expression, type, 0) : null;
  return items === null ? sql : `CASE WHEN ${items} > ${MAX_ITEMS} THEN ${instead(items)} ELSE ${sql} END`;
}

const refusal = (items: string): string => `error('${tooManyItems}' || (${items}))`;

/** @param cause the error of DuckDB */
export function itemsTooMany(place: Failure['place'], cause: string): FailureError {
  const items = new RegExp(`${tooManyItems}(\\d+)`).exec(cause)?.[1] ?? '';
  return fail(
    'unsupported',
    message(
      'A value has {0} items; values of more than {1} items are not made into text',
      formatCount(Number(items)),
      formatCount(MAX_ITEMS),
    ),
    {
      ...(place ? { place } : {}),
      cause,
      advice: message('Choose other columns, or leave out its row with a filter on its length.'),
    },
  );
}

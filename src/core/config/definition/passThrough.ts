import { message } from '../../message/message.ts';
import { choice, either, field, list, record, text, type TypeOf } from '../../schema/shape.ts';
import { literal } from '../../source/where.ts';

/** The entries of `data` of which columns can be passed through, in the order of the definition. */
export const dataTables = ['impressions', 'items', 'users', 'candidates'] as const;
/** A data set of which columns can be passed through. */
export type PassedTable = (typeof dataTables)[number] | `features.${string}`;

/** The data set that `from` names: an entry of `data`, else a table of `data.features`. */
export function passedTableNamed(from: string): PassedTable {
  return dataTables.find((table) => table === from) ?? `features.${from}`;
}

/** The text by which `from` names a data set. */
export function nameOfPassed(table: PassedTable): string {
  return isFeatureTable(table) ? table.slice(featurePrefix.length) : table;
}

const featurePrefix = 'features.';

/** True if a data set is a table of `data.features`. */
export function isFeatureTable(name: string): name is `features.${string}` {
  return name.startsWith(featurePrefix);
}

const sides = choice({
  user: message('The row’s user'),
  context: message('The group’s impression'),
  item: message('The row’s item'),
  exposure: message('The row’s exposure'),
  candidate: message('The row’s candidate'),
});
export type PassedSide = TypeOf<typeof sides>;
export const passedSides: readonly PassedSide[] = ['user', 'context', 'item', 'exposure', 'candidate'];

/** A column to copy. */
export const passedEntry = either(
  text('pass-through'),
  record({
    column: field(text('pass-through'), message('Name of the column'), { required: true, example: 'item_ctr' }),
    from: field(
      text('passed-table'),
      message('The data set with the column, if several have it; always for a table of `data.features`'),
      { example: 'impressions' },
    ),
    side: field(sides, message('Whose value it is'), { example: 'item' }),
    as: field(text('plain'), message('Name in the output. Without this key: the name of the column.'), {
      example: 'ctr',
    }),
    max_age: field(
      text('duration'),
      message(
        'Older values become NULL. Only for values as of a time: from a table of `data.features` with a time, or from the impressions with `side: item`',
      ),
      { example: '7d' },
    ),
    default: field(literal, message('Replaces NULL. Not with the side `exposure`'), { example: '0' }),
  }),
);
export type PassedEntry = TypeOf<typeof passedEntry>;

/** `output.pass_through`. */
export const passThrough = field(
  list(passedEntry),
  message('Columns to copy to the output: names, or maps with the key `column`.'),
  { example: '[city, {column: item_ctr, from: impressions, side: item, as: ctr}]' },
);

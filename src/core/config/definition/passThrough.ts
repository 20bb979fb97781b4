import { message } from '../../message/message.ts';
import { choice, either, field, list, record, text, type TypeOf } from '../../schema/shape.ts';

const tables = choice({
  impressions: message('The exposure log'),
  items: message('The corpus'),
  users: message('The users'),
  candidates: message('The candidates'),
});
export type PassedTable = TypeOf<typeof tables>;

/** The data sets of which columns can be passed through, in the order of the definition. */
export const passedTables: readonly PassedTable[] = ['impressions', 'items', 'users', 'candidates'];

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
    from: field(tables, message('The data set with the column, if several have it'), {
      example: 'impressions',
    }),
    side: field(sides, message('Whose value it is'), { example: 'item' }),
    as: field(text('plain'), message('Name in the output. Without this key: the name of the column.'), {
      example: 'ctr',
    }),
    max_age: field(
      text('duration'),
      message('Older values become NULL. Only with `from: impressions` and `side: item`'),
      { example: '7d' },
    ),
  }),
);
export type PassedEntry = TypeOf<typeof passedEntry>;

/** `output.pass_through`. */
export const passThrough = field(
  list(passedEntry),
  message('Columns to copy to the output: names, or maps with the key `column`.'),
  { example: '[city, {column: item_ctr, from: impressions, side: item, as: ctr}]' },
);

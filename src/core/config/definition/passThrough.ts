import { message } from '../../message/message.ts';
import { choice, either, field, list, record, text, type TypeOf } from '../../schema/shape.ts';

const tables = choice({
  impressions: message('The exposure log'),
  items: message('The corpus'),
  users: message('The users'),
  candidates: message('The candidates of the requests'),
});
export type PassedTable = TypeOf<typeof tables>;

/** The data sets of which columns can be passed through, in the order of the definition. */
export const passedTables: readonly PassedTable[] = ['impressions', 'items', 'users', 'candidates'];

const sides = choice({
  user: message('The value of the row’s user, from `data.users` or from the log row of the group'),
  context: message(
    'The value of the group, from its impression or from the earliest impression of its request. NULL without an impression',
  ),
  item: message(
    'The value of the row’s own item, from `data.items` or from the newest log row of the item before the row’s request',
  ),
  exposure: message('The value of the row’s own exposure. NULL for rows without one'),
  candidate: message('The value of the user, request and item in `data.candidates`, at the smallest rank'),
});
export type PassedSide = TypeOf<typeof sides>;
export const passedSides: readonly PassedSide[] = ['user', 'context', 'item', 'exposure', 'candidate'];

const entry = either(
  text('pass-through'),
  record({
    column: field(text('pass-through'), message('Name of the column'), { required: true, example: 'item_ctr' }),
    from: field(tables, message('The data set that has the column. Required if several have a column of this name.'), {
      example: 'impressions',
    }),
    side: field(
      sides,
      message(
        'Whose value it is. Default: item for `items`, user for `users`, candidate for `candidates`, exposure for `impressions`.',
      ),
      { example: 'item' },
    ),
    as: field(text('plain'), message('Name in the output. Without this key: the name of the column.'), {
      example: 'ctr',
    }),
    max_age: field(
      text('duration'),
      message('A value from an older log row becomes NULL. Only with `from: impressions` and `side: item`'),
      { example: '7d' },
    ),
  }),
);
export type PassedEntry = TypeOf<typeof entry>;

/** `output.pass_through`. */
export const passThrough = field(
  list(entry),
  message('Columns to copy to the output. An entry is the name of a column, or a map with the key `column`.'),
  { example: '[city, {column: item_ctr, from: impressions, side: item, as: ctr}]' },
);
